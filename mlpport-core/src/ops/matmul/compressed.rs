//! A kernel in panels, in seven eighths of its memory, without a loss.
//!
//! The exponents of a kernel's elements are alike: four bits tell which of fifteen it is. The elements with another one, which are
//! few, lie aside, at the place that their other bits tell.
#![allow(unsafe_code)]

use ndarray::{Array2, ArrayView2, s};

use super::layer::Kernel;
use super::product::{PANEL, steps};
use crate::ops::instructions::Instructions;
use crate::tensor::prefer_huge;

/// The bytes of a row of a unit, without the exponents.
pub(super) const ROW: usize = 3 * PANEL;

/// Two rows of a panel.
///
/// The bits of an element are turned left by one, so that its exponent is a byte. Each row has the two lowest bytes of all its
/// elements, then their third; behind both rows are the numbers of the exponents, those of the first row in the low halves of the
/// bytes. Elements of a row are in such an [order](place) that columns come into theirs by interleaving bytes, and then words, in lanes of
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
        let is_whole = outputs.is_multiple_of(PANEL) || outputs >= 16 * PANEL;
        let gains = kernel.len() >= Self::LEAST && is_whole && Instructions::fastest() != Instructions::Baseline;
        if gains { Self::compress(kernel) } else { None }
    }

    /// The kernel, which has one sum for each element of the output, or `None` where too many of its exponents are rare.
    pub(super) fn compress(kernel: ArrayView2<'_, f32>) -> Option<Self> {
        let (inputs, outputs) = kernel.dim();
        let mut exponents = Exponents::of(kernel)?;
        let numbers = exponents.numbers();
        let mut units: Vec<Unit> = Vec::with_capacity(outputs.div_ceil(PANEL) * inputs.div_ceil(2));
        prefer_huge(units.spare_capacity_mut());
        for columns in steps(outputs, PANEL) {
            for rows in steps(inputs, 2) {
                units.push(exponents.unit(kernel.slice(s![rows, columns.clone()]), &numbers));
            }
        }
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

/// Where the third byte of the element in this column of a panel is, and the number of its exponent; and where its word is.
fn place(column: usize) -> (usize, usize) {
    // Of the four vectors with all lanes that have a row, which one, and the lane and the place in it.
    let (vector, lane, element) = (column / (PANEL / 4), column / 4 % (PANEL / 16), column % 4);
    (16 * lane + 4 * vector + element, PANEL / 2 * (vector / 2) + 8 * lane + 4 * (vector % 2) + element)
}

impl Exponents {
    /// Those of the kernel, or `None` where too many are rare.
    fn of(kernel: ArrayView2<'_, f32>) -> Option<Self> {
        let mut counts: Vec<(usize, u8)> = (0..=u8::MAX).map(|exponent| (0, exponent)).collect();
        for element in kernel {
            if let Some((count, _)) = counts.get_mut(usize::from(exponent(turned(*element)))) {
                *count += 1;
            }
        }
        counts.sort_unstable_by(|first, second| second.cmp(first));
        let (mut common, mut rare) = ([0; 16], kernel.len());
        for (place, (count, exponent)) in common.iter_mut().zip(counts).take(usize::from(RARE)) {
            *place = exponent;
            rare -= count;
        }
        // Three bytes tell the place of a rare one.
        (rare <= kernel.len() / ONE_OF && rare < 1 << 24).then(|| Self { common, rare: Vec::with_capacity(rare) })
    }

    /// The number of each exponent.
    fn numbers(&self) -> [u8; 256] {
        let mut numbers = [RARE; 256];
        for (number, exponent) in (0..RARE).zip(self.common) {
            if let Some(place) = numbers.get_mut(usize::from(exponent)) {
                *place = number;
            }
        }
        numbers
    }

    /// One row or two of a panel, by the numbers of the exponents; those that are rare are kept.
    fn unit(&mut self, rows: ArrayView2<'_, f32>, numbers: &[u8; 256]) -> Unit {
        let mut unit = Unit { rows: [[0; ROW]; 2], numbers: [0; PANEL] };
        for ((row, bytes), shift) in rows.rows().into_iter().zip(&mut unit.rows).zip([0, 4]) {
            let (words, thirds) = bytes.split_at_mut(2 * PANEL);
            for (column, element) in row.iter().enumerate() {
                let mut bits = turned(*element);
                let number = numbers.get(usize::from(exponent(bits))).copied().unwrap_or(RARE);
                if number == RARE {
                    bits = u32::try_from(self.rare.len()).unwrap_or_default();
                    self.rare.push(*element);
                }
                let [first, second, third, _] = bits.to_le_bytes();
                let (byte, word) = place(column);
                words[2 * word..2 * word + 2].copy_from_slice(&[first, second]);
                thirds[byte] = third;
                unit.numbers[byte] |= number << shift;
            }
        }
        unit
    }

    /// The elements of a unit.
    pub(super) fn elements(&self, unit: &Unit) -> [[f32; PANEL]; 2] {
        let mut elements = [[0.0; PANEL]; 2];
        for ((row, bytes), shift) in elements.iter_mut().zip(&unit.rows).zip([0, 4]) {
            let (words, thirds) = bytes.split_at(2 * PANEL);
            for (column, element) in row.iter_mut().enumerate() {
                let (byte, word) = place(column);
                let low = u32::from_le_bytes([words[2 * word], words[2 * word + 1], thirds[byte], 0]);
                let number = unit.numbers[byte] >> shift & 15;
                *element = if number == RARE {
                    self.rare.get(low as usize).copied().unwrap_or_default()
                } else {
                    f32::from_bits((low | u32::from(self.common[usize::from(number)]) << 24).rotate_right(1))
                };
            }
        }
        elements
    }
}
