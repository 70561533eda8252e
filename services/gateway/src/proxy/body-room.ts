import { MAX_BODY_BYTES } from '@ironforge/service-kit';

/** How many bytes of bodies, or of answers, are held at the same time. */
export interface RoomLimits {
  readonly bytesPerAddress: number;
  readonly bytesOverall: number;
}

/** What is held of all that is on its way in, and as much again of what is on its way out. */
export const ROOM: RoomLimits = { bytesPerAddress: 16 * MAX_BODY_BYTES, bytesOverall: 128 * MAX_BODY_BYTES };

/** The memory that bodies of requests, or answers, may take, counted by address. */
export interface BodyRoom {
  /** The share of one request of this address. */
  readonly share: (address: string) => {
    /** False when there is no room for so many bytes. */
    readonly take: (bytes: number) => boolean;
    /** Gives back all that was taken. */
    readonly giveBack: () => void;
  };
}

/** Makes a room that is empty. */
export function createBodyRoom({ bytesPerAddress, bytesOverall }: RoomLimits): BodyRoom {
  const byAddress = new Map<string, number>();
  let overall = 0;

  function change(address: string, bytes: number): void {
    const next = (byAddress.get(address) ?? 0) + bytes;
    if (next === 0) byAddress.delete(address);
    else byAddress.set(address, next);
    overall += bytes;
  }

  return {
    share(address) {
      let taken = 0;
      return {
        take(bytes) {
          const own = (byAddress.get(address) ?? 0) + bytes;
          if (own > bytesPerAddress || overall + bytes > bytesOverall) return false;
          change(address, bytes);
          taken += bytes;
          return true;
        },
        giveBack() {
          change(address, -taken);
          taken = 0;
        },
      };
    },
  };
}
