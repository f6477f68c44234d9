//! A kernel in panels, in seven eighths of its memory, without a loss.
//!
//! The exponents of a kernel's elements are alike: four bits tell which of fifteen it is. The elements with another one, which are
//! few, lie aside, at the place that their other bits tell.
#![allow(unsafe_code)]

use ndarray::{Array2, ArrayView2, Axis, s};

use super::kernel::sums;
use super::layer::Kernel;
use super::product::{PANEL, steps};
use crate::ops::instructions::Instructions;
use crate::tensor::prefer_huge;
use crate::threads;

/// The bytes of a row of a unit, without the exponents.
pub(super) const ROW: usize = 3 * PANEL;

/// Two rows of a panel.
///
/// The bits of an element are turned left by one, so that its exponent is a byte. Each row has the two lowest bytes of all its
/// elements, then their third; behind both rows are the numbers of the exponents, those of the first row in the low halves of the
/// bytes. Elements of a row are in such an [order](column) that columns come into theirs by interleaving bytes, and then words, in lanes of
/// 128 bits, whatever the length of a vector.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(super) struct Unit {
    rows: [[u8; ROW]; 2],
    numbers: [u8; PANEL],
}

/// The place of a float32 for each row of a panel, two of which are a unit.
pub(super) const STRIDE: usize = size_of::<Unit>() / size_of::<f32>() / 2;

/// The number of an exponent that is none of the common ones.
pub(super) const RARE: u8 = 15;

/// One of so many elements may have a rare exponent.
const ONE_OF: usize = 1000;

/// The exponents of a kernel.
#[derive(Debug, Clone)]
pub(super) struct Exponents {
    /// Those that most elements have; the last is none.
    pub(super) common: [u8; 16],
    /// The elements that have another one.
    rare: Vec<f32>,
}

/// A compressed kernel, whose panels lie one after another.
#[derive(Debug, Clone)]
pub(crate) struct Compressed {
    units: Vec<Unit>,
    exponents: Exponents,
    inputs: usize,
    outputs: usize,
}

impl PartialEq for Compressed {
    fn eq(&self, other: &Self) -> bool {
        self.to_array() == other.to_array()
    }
}

impl Compressed {
    /// The elements from which a kernel does not stay in a cache between calls.
    const LEAST: usize = 1 << 20;

    /// The kernel, compressed, or `None` where that gains nothing.
    pub(super) fn of(kernel: ArrayView2<'_, f32>) -> Option<Self> {
        let outputs = kernel.ncols();
        // Of the memory that it saves, whole panels do not take half.
        let is_small = outputs.next_multiple_of(PANEL) * 16 <= outputs * 17;
        let gains = kernel.len() >= Self::LEAST && sums(outputs) == 1 && is_small;
        if gains && Instructions::fastest() != Instructions::Baseline { Self::compress(kernel) } else { None }
    }

    /// The kernel, which has one sum for each element of the output, or `None` where too many of its exponents are rare.
    pub(super) fn compress(kernel: ArrayView2<'_, f32>) -> Option<Self> {
        let (inputs, outputs) = kernel.dim();
        let mut panels: Vec<_> = kernel.axis_chunks_iter(Axis(1), PANEL).map(|panel| (panel, [0; 256])).collect();
        threads::for_each(panels.iter_mut(), |(panel, counts)| count(*panel, counts));
        let (common, numbers) = number(panels.iter().map(|(_, counts)| counts));
        let rare_of = |counts| count_rare(counts, &numbers);
        let rare = panels.iter().map(|(_, counts)| rare_of(counts)).sum();
        // Three bytes tell the place of a rare one.
        if rare > kernel.len() / ONE_OF || rare >= 1 << 24 {
            return None;
        }
        let mut exponents = Exponents { common, rare: vec![0.0; rare] };

        let of_panel = inputs.div_ceil(2);
        let all = panels.len() * of_panel;
        let mut units: Vec<Unit> = Vec::with_capacity(all);
        let places = &mut units.spare_capacity_mut()[..all];
        prefer_huge(places);
        let mut rare = Rare { first: 0, places: &mut exponents.rare };
        let mut parts = Vec::with_capacity(panels.len());
        for ((panel, counts), places) in panels.iter().zip(places.chunks_mut(of_panel.max(1))) {
            parts.push((panel, places, rare.split(rare_of(counts))));
        }
        threads::for_each(parts.into_iter(), |(panel, places, mut rare)| {
            for (rows, place) in panel.axis_chunks_iter(Axis(0), 2).zip(places) {
                place.write(Unit::of(rows, &numbers, &mut rare));
            }
        });
        // SAFETY: all have been written.
        unsafe { units.set_len(all) };
        Some(Self { units, exponents, inputs, outputs })
    }

    /// The kernel, `(inputs, outputs)`.
    pub(super) fn to_array(&self) -> Array2<f32> {
        let mut kernel = Array2::zeros((self.inputs, self.outputs));
        for (columns, units) in steps(self.outputs, PANEL).zip(self.units.chunks(self.inputs.div_ceil(2).max(1))) {
            for (rows, unit) in steps(self.inputs, 2).zip(units) {
                let elements = self.exponents.elements(unit);
                for (mut row, elements) in
                    kernel.slice_mut(s![rows, columns.clone()]).rows_mut().into_iter().zip(&elements)
                {
                    row.iter_mut().zip(elements).for_each(|(place, element)| *place = *element);
                }
            }
        }
        kernel
    }

    #[inline]
    pub(super) fn kernel(&self) -> Kernel<'_> {
        // SAFETY: the units that `Kernel` tells of are there.
        unsafe { Kernel::compressed(self.units.as_ptr().cast(), self.inputs, self.outputs, &self.exponents) }
    }
}

/// The bits of an element, turned so that the highest byte is the exponent.
fn turned(element: f32) -> u32 {
    element.to_bits().rotate_left(1)
}

/// The exponent of turned bits.
fn exponent(turned: u32) -> u8 {
    let [.., exponent] = turned.to_le_bytes();
    exponent
}

/// The column of a panel whose element has its third byte, and the number of its exponent, at this place of a row; and where its word is.
///
/// A row is four vectors of all lanes: the words of the first two are in turn in each lane, and so are those of the last two.
fn column(byte: usize) -> (usize, usize) {
    let (lane, vector, element) = (byte / 16, byte / 4 % 4, byte % 4);
    (PANEL / 4 * vector + 4 * lane + element, PANEL / 2 * (vector / 2) + 8 * lane + byte % 8)
}

/// How many elements have each exponent.
type Counts = [usize; 256];

fn count(panel: ArrayView2<'_, f32>, counts: &mut Counts) {
    for row in panel.rows() {
        for element in row {
            counts[usize::from(exponent(turned(*element)))] += 1;
        }
    }
}

/// The exponents that most elements have, and the number of each exponent.
fn number<'a>(panels: impl Iterator<Item = &'a Counts>) -> ([u8; 16], [u8; 256]) {
    let mut counts = [0; 256];
    for panel in panels {
        counts.iter_mut().zip(panel).for_each(|(count, more)| *count += more);
    }
    let (mut common, mut numbers) = ([0; 16], [RARE; 256]);
    for (number, place) in (0..RARE).zip(&mut common) {
        let most = (0..=u8::MAX).max_by_key(|exponent| counts[usize::from(*exponent)]).unwrap_or_default();
        *place = most;
        numbers[usize::from(most)] = number;
        counts[usize::from(most)] = 0;
    }
    (common, numbers)
}

/// The elements whose exponent is rare.
fn count_rare(counts: &Counts, numbers: &[u8; 256]) -> usize {
    let rare = counts.iter().zip(numbers).filter(|(_, number)| **number == RARE);
    rare.map(|(count, _)| count).sum()
}

/// Places for rare elements, among those of the kernel.
struct Rare<'a> {
    first: usize,
    places: &'a mut [f32],
}

impl Rare<'_> {
    /// The first places, so many.
    fn split(&mut self, count: usize) -> Self {
        let (places, others) = std::mem::take(&mut self.places).split_at_mut(count);
        self.places = others;
        self.first += count;
        Self { first: self.first - count, places }
    }

    /// Writes an element to the next place, and returns that.
    fn keep(&mut self, element: f32) -> u32 {
        let next = self.split(1);
        next.places[0] = element;
        u32::try_from(next.first).unwrap_or_default()
    }
}

impl Unit {
    /// One row or two of a panel, by the numbers of the exponents.
    fn of(rows: ArrayView2<'_, f32>, numbers: &[u8; 256], rare: &mut Rare<'_>) -> Self {
        let mut unit = Self { rows: [[0; ROW]; 2], numbers: [0; PANEL] };
        for ((row, bytes), shift) in rows.rows().into_iter().zip(&mut unit.rows).zip([0, 4]) {
            let (words, thirds) = bytes.split_at_mut(2 * PANEL);
            for (byte, (third, place)) in thirds.iter_mut().zip(&mut unit.numbers).enumerate() {
                let (column, word) = column(byte);
                let Some(element) = row.get(column) else { continue };
                let mut bits = turned(*element);
                let number = numbers[usize::from(exponent(bits))];
                if number == RARE {
                    bits = rare.keep(*element);
                }
                [words[2 * word], words[2 * word + 1], *third, _] = bits.to_le_bytes();
                *place |= number << shift;
            }
        }
        unit
    }
}

impl Exponents {
    /// The elements of a unit.
    pub(super) fn elements(&self, unit: &Unit) -> [[f32; PANEL]; 2] {
        let mut elements = [[0.0; PANEL]; 2];
        for ((row, bytes), shift) in elements.iter_mut().zip(&unit.rows).zip([0, 4]) {
            for (byte, number) in unit.numbers.iter().enumerate() {
                let (column, bits) = low_bits(bytes, byte);
                let number = number >> shift & RARE;
                let exponent = self.common[usize::from(number)];
                row[column] = if number == RARE {
                    self.rare(bits)
                } else {
                    f32::from_bits((bits | u32::from(exponent) << 24).rotate_right(1))
                };
            }
        }
        elements
    }

    /// Writes those elements of a unit whose exponent is rare: of each row, at the places of the numbers in the mask.
    #[cold]
    pub(super) fn put_rare(&self, unit: &Unit, masks: [u64; 2], elements: &mut [[f32; PANEL]; 2]) {
        for ((row, bytes), mut mask) in elements.iter_mut().zip(&unit.rows).zip(masks) {
            while mask != 0 {
                let (column, bits) = low_bits(bytes, mask.trailing_zeros() as usize);
                row[column] = self.rare(bits);
                mask &= mask - 1;
            }
        }
    }

    /// The rare element at a place.
    fn rare(&self, place: u32) -> f32 {
        self.rare.get(place as usize).copied().unwrap_or_default()
    }
}

/// The column of the element whose third byte is at this place of a row, and its bits without the exponent.
fn low_bits(row: &[u8; ROW], byte: usize) -> (usize, u32) {
    let (column, word) = column(byte);
    (column, u32::from_le_bytes([row[2 * word], row[2 * word + 1], row[2 * PANEL + byte], 0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::matmul::size;

    const INPUTS: usize = size(301, 33);
    const OUTPUTS: usize = size(230, 70);

    /// A kernel of these exponents in turn, whose other bits differ.
    fn kernel(exponents: &[u32]) -> Array2<f32> {
        Array2::from_shape_fn((INPUTS, OUTPUTS), |(row, column)| {
            let index = row * OUTPUTS + column;
            let others = u32::try_from(index).unwrap().wrapping_mul(0x9E37_79B9) & 0x807F_FFFF;
            f32::from_bits(exponents[index % exponents.len()] << 23 | others)
        })
    }

    fn bits(kernel: &Array2<f32>) -> Array2<u32> {
        kernel.mapv(f32::to_bits)
    }

    #[test]
    fn elements_of_any_exponent_keep_their_bits() {
        let mut kernel = kernel(&[101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115]);
        let all = Compressed::compress(kernel.view()).unwrap();
        assert_eq!(bits(&all.to_array()), bits(&kernel));
        assert!(all.exponents.rare.is_empty());

        let most = kernel.len() / ONE_OF;
        let step = kernel.len() / most;
        for (exponent, place) in [0, 255, 100, 116].into_iter().cycle().zip((0..most).map(|index| index * step)) {
            kernel[[place / OUTPUTS, place % OUTPUTS]] = f32::from_bits(exponent << 23 | 0x8012_3456);
        }
        let rare = Compressed::compress(kernel.view()).unwrap();
        assert_eq!(bits(&rare.to_array()), bits(&kernel));
        assert_eq!(rare.exponents.rare.len(), most);

        kernel[[INPUTS - 1, OUTPUTS - 1]] = f32::MAX;
        assert!(Compressed::compress(kernel.view()).is_none());
    }

    #[test]
    fn a_kernel_that_gains_nothing_is_not_compressed() {
        for (inputs, outputs) in [(0, 0), (0, 64), (1000, 1000), (20_000, 65), (20_000, 64), (1 << 20, 1)] {
            assert!(Compressed::of(Array2::zeros((inputs, outputs)).view()).is_none(), "{inputs}, {outputs}");
        }
    }

    #[test]
    fn a_compressed_kernel_takes_nine_tenths_of_its_memory() {
        let kernel = kernel(&[120, 121, 122]);
        let compressed = Compressed::compress(kernel.view()).unwrap();
        let units = kernel.ncols().div_ceil(PANEL) * kernel.nrows().div_ceil(2);
        assert_eq!(compressed.units.len(), units);
        assert!(cfg!(miri) || size_of::<Unit>() * 10 <= 2 * PANEL * size_of::<f32>() * 9);
    }

    #[test]
    fn kernels_are_equal_as_their_elements_are() {
        let [zeros, others] = [0.0, -0.0].map(|zero| Compressed::compress(Array2::from_elem((4, 70), zero).view()));
        assert_eq!(zeros, others);
        assert_ne!(zeros, Compressed::compress(Array2::from_elem((4, 70), 1.0).view()));
    }
}
