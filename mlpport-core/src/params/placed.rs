//! Where a kernel lies in memory.

use ndarray::{Array1, Array2, s};

/// The bytes of a line of a cache.
const LINE: usize = 64;

/// The elements of kernels that are worth a line, and so small that to copy them takes no time: 1 to 256 KiB.
const SMALL: std::ops::RangeInclusive<usize> = 1 << 8..=1 << 16;

/// The same elements, with rows that are slices; a small kernel begins at a line of the cache, without which a product with one row
/// takes a quarter longer.
pub(super) fn placed(kernel: Array2<f32>) -> Array2<f32> {
    let is_standard = kernel.is_standard_layout();
    if is_standard && (!SMALL.contains(&kernel.len()) || kernel.as_ptr().addr().is_multiple_of(LINE)) {
        return kernel;
    }
    let count = kernel.len();
    let mut elements: Vec<f32> = Vec::with_capacity(count + LINE / size_of::<f32>());
    let skipped = elements.as_ptr().addr().wrapping_neg() % LINE / size_of::<f32>();
    elements.resize(skipped, 0.0);
    elements.extend(kernel.iter());
    let elements = Array1::from_vec(elements).slice_move(s![skipped..]);
    // The number of elements is that of the kernel.
    elements.into_shape_with_order(kernel.dim()).unwrap_or(kernel)
}

#[cfg(test)]
mod tests {
    use ndarray::ShapeBuilder;

    use super::*;

    #[test]
    fn small_kernels_begin_at_a_line() {
        for (rows, columns) in [(1, 256), (64, 64), (7, 300), (256, 256)] {
            for skipped in 0..4 {
                let elements = Array1::from_iter((0..rows * columns + skipped).map(|x| x as f32));
                let kernel = elements.slice_move(s![skipped..]).into_shape_with_order((rows, columns)).unwrap();
                let same = placed(kernel.clone());
                assert_eq!(same, kernel);
                assert!(same.as_ptr().addr().is_multiple_of(LINE) && same.is_standard_layout());
            }
        }
    }

    #[test]
    fn others_stay_where_they_are() {
        for (rows, columns) in [(0, 5), (1, 255), (256, 257)] {
            let kernel = Array2::<f32>::ones((rows, columns));
            let place = kernel.as_ptr();
            assert_eq!(placed(kernel).as_ptr(), place);
        }
    }

    #[test]
    fn columns_become_rows() {
        let kernel = Array2::from_shape_fn((300, 400).f(), |(row, column)| (row * 400 + column) as f32);
        let same = placed(kernel.clone());
        assert_eq!(same, kernel);
        assert!(same.is_standard_layout());
    }
}
