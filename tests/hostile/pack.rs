//! A pack of some kilobytes that stands for sixteen gigabytes, written by hand.

use std::fs;
use std::path::Path;

/// How large each object is, the last one by far the largest.
pub(super) const SIZES: [u64; 4] = [1 << 16, 1 << 22, 1 << 28, 1 << 34];

/// A pack with a chain of deltas, each of which says 64 times the one before. Returned is the name under which the
/// index has its end; with `hidden` that is one more delta, of a few bytes, and nothing names those in between.
pub(super) fn bomb(cell: &Path, hidden: bool) -> String {
    let mut pack = b"PACK\0\0\0\x02".to_vec();
    pack.extend(u32::try_from(SIZES.len() + usize::from(hidden)).unwrap().to_be_bytes());
    let mut starts = vec![pack.len()];
    entry(&mut pack, 3, SIZES[0], None, &vec![b'x'; 1 << 16]);
    for sizes in SIZES.windows(2) {
        let delta = [number(sizes[0]), number(sizes[1]), copies(sizes[0], 64)].concat();
        starts.push(pack.len());
        let base = starts[starts.len() - 2];
        entry(&mut pack, 6, delta.len().try_into().unwrap(), Some(base), &delta);
    }
    if hidden {
        let delta = [number(SIZES[3]), number(16), copies(16, 1)].concat();
        starts.push(pack.len());
        let base = starts[starts.len() - 2];
        entry(&mut pack, 6, delta.len().try_into().unwrap(), Some(base), &delta);
    }
    // nobody looks whether that is the sum of what stands before
    let end = [7_u8; 20];
    pack.extend(end);
    let name = if hidden { "ee" } else { "ff" }.repeat(20);
    // each of the others has a name too, but all these are names of the first
    let mut named: Vec<(u8, usize)> =
        (1..starts.len()).map(|n| (u8::try_from(n).unwrap(), starts[0])).collect();
    named.push((u8::from_str_radix(&name[..2], 16).unwrap(), *starts.last().unwrap()));
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..=u8::MAX {
        let count = named.iter().filter(|(byte, _)| *byte <= first).count();
        index.extend(u32::try_from(count).unwrap().to_be_bytes());
    }
    index.extend(named.iter().flat_map(|(byte, _)| [*byte; 20]));
    index.extend(named.iter().flat_map(|_| [0; 4]));
    index.extend(named.iter().flat_map(|(_, start)| u32::try_from(*start).unwrap().to_be_bytes()));
    index.extend(end);
    index.extend([0; 20]);
    let folder = cell.join(".git/objects/pack");
    fs::write(folder.join(format!("pack-{name}.pack")), pack).unwrap();
    fs::write(folder.join(format!("pack-{name}.idx")), index).unwrap();
    name
}

fn entry(pack: &mut Vec<u8>, kind: u8, size: u64, base: Option<usize>, bytes: &[u8]) {
    let start = pack.len();
    let mut rest = size >> 4;
    let mut byte = kind << 4 | u8::try_from(size & 15).unwrap();
    while rest > 0 {
        pack.push(byte | 128);
        byte = u8::try_from(rest & 127).unwrap();
        rest >>= 7;
    }
    pack.push(byte);
    if let Some(base) = base {
        let mut back = start - base;
        let mut bytes = vec![u8::try_from(back & 127).unwrap()];
        while back > 127 {
            back = (back >> 7) - 1;
            bytes.insert(0, 128 | u8::try_from(back & 127).unwrap());
        }
        pack.extend(bytes);
    }
    // not compressed at all; the deltas make it large
    pack.extend([0x78, 0x01]);
    let mut parts = bytes.chunks(0xffff).peekable();
    while let Some(part) = parts.next() {
        let len = u16::try_from(part.len()).unwrap();
        pack.push(u8::from(parts.peek().is_none()));
        pack.extend(len.to_le_bytes());
        pack.extend((!len).to_le_bytes());
        pack.extend(part);
    }
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65521;
        (a, (b + a) % 65521)
    });
    pack.extend((b << 16 | a).to_be_bytes());
}

fn number(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 127 {
        bytes.push(128 | u8::try_from(value & 127).unwrap());
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

/// Copies the first `size` bytes of the base so many times; one copy takes 16 MiB at most.
fn copies(size: u64, times: usize) -> Vec<u8> {
    let mut one = Vec::new();
    let mut at = 0;
    while at < size {
        let part = (size - at).min(0xff_ffff);
        let (from, len) =
            (u32::try_from(at).unwrap().to_le_bytes(), u32::try_from(part).unwrap().to_le_bytes());
        one.push(0xff);
        one.extend([&from[..], &len[..3]].concat());
        at += part;
    }
    one.repeat(times)
}
