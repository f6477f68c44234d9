//! The block cipher Threefry-2x32 with 20 rounds, of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011.

use super::BLOCK;

/// The third word of the key schedule is the exclusive or of this and of the key.
const PARITY: u32 = 0x1bd1_1bda;
const EVEN: [u32; 4] = [13, 15, 26, 6];
const ODD: [u32; 4] = [17, 29, 16, 24];

/// The number of blocks that are enciphered in step, so that one waits while others are computed.
const LANES: usize = 32;

/// The two words that the key makes of a 64-bit counter.
pub(crate) fn threefry(key: [u32; 2], counter: u64) -> [u32; 2] {
    let ([x], [y]) = encipher(key, [high(counter)], [low(counter)]);
    [x, y]
}

/// Calls `put` for each element from index `first`, a multiple of [`BLOCK`], with its place and 32 random bits.
#[inline(always)]
pub(super) fn block<T>(key: [u32; 2], first: u64, out: &mut [T; BLOCK], mut put: impl FnMut(&mut T, u32)) {
    let (groups, _) = out.as_chunks_mut::<LANES>();
    for (group, start) in groups.iter_mut().zip((0u32..).step_by(LANES)) {
        // Within a block, the upper half of the counter stays.
        let mut counters = [low(first).wrapping_add(start); LANES];
        counters.iter_mut().zip(0..).for_each(|(counter, lane)| *counter = counter.wrapping_add(lane));
        let (x, y) = encipher(key, [high(first); LANES], counters);
        for ((out, x), y) in group.iter_mut().zip(x).zip(y) {
            put(out, x ^ y);
        }
    }
}

#[inline(always)]
fn encipher<const N: usize>(key: [u32; 2], x: [u32; N], y: [u32; N]) -> ([u32; N], [u32; N]) {
    let [a, b] = key;
    let c = a ^ b ^ PARITY;
    let state = inject((x, y), [a, b], 0);
    let state = inject(mix(state, EVEN), [b, c], 1);
    let state = inject(mix(state, ODD), [c, a], 2);
    let state = inject(mix(state, EVEN), [a, b], 3);
    let state = inject(mix(state, ODD), [b, c], 4);
    inject(mix(state, EVEN), [c, a], 5)
}

/// Adds two words of the key schedule, and the number of the injection to the second.
#[inline(always)]
fn inject<const N: usize>((mut x, mut y): ([u32; N], [u32; N]), key: [u32; 2], number: u32) -> ([u32; N], [u32; N]) {
    x.iter_mut().for_each(|x| *x = x.wrapping_add(key[0]));
    y.iter_mut().for_each(|y| *y = y.wrapping_add(key[1].wrapping_add(number)));
    (x, y)
}

/// Four rounds.
#[inline(always)]
fn mix<const N: usize>((mut x, mut y): ([u32; N], [u32; N]), rotations: [u32; 4]) -> ([u32; N], [u32; N]) {
    for rotation in rotations {
        for (x, y) in x.iter_mut().zip(&mut y) {
            *x = x.wrapping_add(*y);
            *y = y.rotate_left(rotation) ^ *x;
        }
    }
    (x, y)
}

const fn high(counter: u64) -> u32 {
    low(counter >> 32)
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is asked for")]
const fn low(counter: u64) -> u32 {
    counter as u32
}
