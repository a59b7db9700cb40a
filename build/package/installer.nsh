; What Stoker's Windows installer does beyond electron-builder's: the uninstaller asks whether settings and data go too.
; It never removes ComfyUI or what ComfyUI made: they lie elsewhere. Words stay ASCII, so that every NSIS reads them alike.

!ifdef BUILD_UNINSTALLER
  Var removeStokerData

  ; Runs before anything is removed. A one-click uninstaller is "silent" by now in any case: /S on the command line alone tells whether a person
  ; is there to ask. An update runs the old uninstaller and must never ask.
  !macro customUnInit
    StrCpy $removeStokerData "no"
    ${GetParameters} $R0
    ClearErrors
    ${GetOptions} $R0 "/S" $R1
    ${If} ${Errors}
    ${AndIfNot} ${isUpdated}
      StrCpy $R2 "Remove settings and data too?$\r$\n$\r$\nThis deletes Stoker's settings, saved keys, history and logs. ComfyUI, its models and its images stay."
      ${If} $LANGUAGE == 1031
        StrCpy $R2 "Auch Einstellungen und Daten entfernen?$\r$\n$\r$\nDas entfernt Einstellungen, gespeicherte Zugangsdaten, Verlauf und Protokolle von Stoker. ComfyUI, seine Modelle und Bilder bleiben."
      ${EndIf}
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$R2" IDNO keepStokerData
        StrCpy $removeStokerData "yes"
      keepStokerData:
    ${EndIf}
  !macroend

  !macro customUnInstall
    ${If} $removeStokerData == "yes"
      SetShellVarContext current
      ; The engine's data folder with the shell's in it, that of the demo, what Electron and the updater keep.
      RMDir /r "$LOCALAPPDATA\stoker\Data"
      RMDir /r "$LOCALAPPDATA\stoker\Data-demo"
      RMDir "$LOCALAPPDATA\stoker"
      RMDir /r "$LOCALAPPDATA\stoker-updater"
      RMDir /r "$APPDATA\Stoker"
    ${EndIf}
    ${IfNot} ${isUpdated}
      ; Made by the shell while it ran: start at login (electron/login-item), and stoker:// links.
      DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Stoker"
      DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "Stoker"
      DeleteRegKey HKCU "Software\Classes\stoker"
    ${EndIf}
  !macroend
!endif
