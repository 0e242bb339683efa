import { fstatSync } from "node:fs";
import { type FoundFrame, findFrame, findLastFrame } from "./find-frame.ts";
import { type FrameHeader, frameBytes } from "./frame-header.ts";
import { type PendingPosition, Segment, type SegmentPosition } from "./segment.ts";
import { SegmentFile } from "./segment-file.ts";

const START: SegmentPosition = { readAt: 0, seq: 0, spansBefore: 0, pending: [] };

/**
 * Opens a segment of an earlier process. Its last frame tells how many it has, so that this takes the same time however many
 * there are. Damage is found when the frames are read; frames that are missing or cut off count until then.
 *
 * @param position From its cursor; without one it is read from its start.
 * @throws the file system's error, or a TypeError where it is no file of ours.
 */
export function loadSegment(name: string, path: string, position: SegmentPosition = START): Segment {
  const segment = new Segment(name, new SegmentFile(path));
  const fd = segment.file.acquire();
  try {
    segment.end = fstatSync(fd).size;
    place(segment, fd, position);
    for (const pending of position.pending) {
      const { offset, header } = findPending(fd, segment.end, pending);
      segment.pending.push({ segment, offset, header, out: false });
    }
    return segment;
  } finally {
    segment.file.release();
  }
}

function place(segment: Segment, fd: number, { readAt, seq, spansBefore }: SegmentPosition): void {
  const last = findLastFrame(fd, segment.end);
  const lastEnd = last === undefined ? 0 : last.offset + frameBytes(last.header);
  const hasUnread = last !== undefined && last.header.seq >= seq;
  const knownUntil = hasUnread ? lastEnd : Math.max(lastEnd, Math.min(readAt, segment.end));
  // What stands behind the last good header is a frame too, or was to be one.
  const cutOff = knownUntil < segment.end ? 1 : 0;
  segment.frames = (hasUnread ? last.header.seq + 1 : seq) + cutOff;
  segment.spans = hasUnread ? last.header.spansBefore + last.header.spans : spansBefore;
  const next = hasUnread ? headerAt(fd, readAt, seq) : undefined;
  // Bytes before it are missing, or were added: all is looked through for the frames from that number on.
  segment.startAt({ readAt: next !== undefined ? readAt : hasUnread ? 0 : knownUntil, seq, spansBefore });
  segment.learn(readAt, next);
}

function findPending(fd: number, end: number, [offset, seq, spans, createdMs]: PendingPosition): FoundFrame {
  const header = headerAt(fd, offset, seq);
  if (header !== undefined) return { offset, header };
  const found = findFrame(fd, 0, end, seq);
  return found?.header.seq === seq ? found : { offset, header: unreadable(seq, spans, createdMs) };
}

function headerAt(fd: number, offset: number, seq: number): FrameHeader | undefined {
  const header = findFrame(fd, offset, offset, seq)?.header;
  return header?.seq === seq ? header : undefined;
}

/** A header that no body fits: the frame is found damaged when it is read. */
function unreadable(seq: number, spans: number, createdMs: number): FrameHeader {
  return { gzip: false, bodyBytes: 0, spans, seq, spansBefore: 0, createdMs, bodyCrc: 1 };
}
