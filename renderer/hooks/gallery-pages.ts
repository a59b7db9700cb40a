/** The gallery in pages: what is loaded so far, more when the eye comes near its end, and anew when something came or went. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import type { GalleryItem, MadeAt } from '../../contract/gallery.ts';
import { fetchGallery } from '../api.ts';
import { keys } from '../live-cache.ts';
import { usePageVisible } from './page-visibility.ts';

const PAGE = 200;
/** Asking for the newest alone costs the engine a look at the times of the folders. */
const LOOK_MS = 4000;

export interface GalleryPages {
  /** Newest first; the first `items.length` of `total`. */
  readonly items: readonly GalleryItem[];
  readonly total: number;
  /** Null until it is known. */
  readonly folder: string | null;
  readonly error: Error | null;
  readonly isPending: boolean;
  /** Loads on until there is something at this place. */
  reach(index: number): void;
  retry(): void;
}

export function useGalleryPages(search: string, madeAt: MadeAt | 'all'): GalleryPages {
  const cache = useQueryClient();
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: keys.gallery(search, madeAt),
    queryFn: ({ pageParam }) =>
      fetchGallery({
        limit: PAGE,
        ...(pageParam === null ? {} : { cursor: pageParam }),
        ...(search === '' ? {} : { search }),
        ...(madeAt === 'all' ? {} : { madeAt }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    // While one types, the last answer stays until the next is there.
    placeholderData: (before) => before,
    retry: false,
  });
  const isVisible = usePageVisible();
  const { data: head } = useQuery({
    queryKey: keys.galleryHead,
    queryFn: () => fetchGallery({ limit: 1 }),
    refetchInterval: isVisible ? LOOK_MS : false,
    retry: false,
  });
  const newest = head === undefined ? null : `${head.total} ${head.items[0]?.id} ${head.items[0]?.modifiedAt}`;
  useEffect(() => {
    if (newest !== null) void cache.invalidateQueries({ queryKey: keys.anyGallery });
  }, [cache, newest]);

  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const loaded = items.length;
  const reach = useCallback(
    (index: number) => {
      if (index >= loaded && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [loaded, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  return {
    items,
    total: data?.pages.at(-1)?.total ?? 0,
    folder: data?.pages[0]?.folder ?? null,
    error: data === undefined ? error : null,
    isPending,
    reach,
    retry: () => void refetch(),
  };
}
