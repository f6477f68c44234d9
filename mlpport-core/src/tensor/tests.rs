#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test fails by panicking")]

use half::{bf16, f16};
use ndarray::{Array2, ArrayD, Axis, IxDyn, array};
use proptest::prelude::*;

use super::*;
use crate::error::Error;

fn bits<T: Element>(tensor: &Tensor) -> Vec<u8> {
    assert_eq!(tensor.dtype(), T::DTYPE);
    tensor.le_bytes().into_owned()
}

fn argument(result: crate::Result<Tensor>) -> String {
    match result {
        Err(error @ Error::Argument { .. }) => error.to_string(),
        other => panic!("expected Error::Argument, found {other:?}"),
    }
}

#[test]
fn a_preference_for_huge_pages_changes_no_element() {
    let mut out: Vec<u32> = (0..if cfg!(miri) { 9 } else { 3 << 19 }).collect();
    prefer_huge(&mut out);
    assert!((0..).zip(&out).all(|(index, element)| index == *element));
    prefer_huge::<u32>(&mut []);
}

#[test]
fn names_are_those_of_numpy_and_unique() {
    for dtype in DType::ALL {
        assert_eq!(DType::from_name(dtype.name()), Some(*dtype));
    }
    assert_eq!(DType::from_name("float128"), None);
    assert_eq!(format!("{:>10}|", DType::F32), "   float32|");
}

#[test]
fn every_dtype_round_trips_through_bytes() {
    for dtype in DType::ALL {
        let bytes: Vec<u8> = (0..u8::try_from(6 * dtype.size()).unwrap_or(u8::MAX))
            .map(|byte| if *dtype == DType::Bool { byte % 2 } else { byte.wrapping_mul(37) })
            .collect();
        let tensor = Tensor::from_le_bytes(*dtype, &[2, 3], &bytes).unwrap();
        assert_eq!((tensor.dtype(), tensor.shape(), tensor.len()), (*dtype, &[2, 3][..], 6));
        assert_eq!(tensor.size_in_bytes(), bytes.len());
        assert_eq!(*tensor.le_bytes(), bytes);
        assert_eq!(tensor.clone(), tensor);
        assert!(Tensor::zeros(*dtype, &[2, 3]).unwrap().le_bytes().iter().all(|byte| *byte == 0));
    }
}

#[test]
fn shapes_without_elements_and_scalars_are_tensors() {
    let empty = Tensor::from_le_bytes(DType::F32, &[3, 0, 5], &[]).unwrap();
    assert!(empty.is_empty());
    assert_eq!(empty.to_string(), "float32 (3, 0, 5)");
    let scalar = Tensor::from_le_bytes(DType::I64, &[], &7_i64.to_le_bytes()).unwrap();
    assert_eq!(scalar.to_array::<i64>().unwrap(), ndarray::arr0(7).into_dyn());
    assert_eq!(format!("{scalar:?}"), "Tensor(int64 ())");
}

#[test]
fn wrong_bytes_are_refused() {
    assert_eq!(
        argument(Tensor::from_le_bytes(DType::F32, &[2, 3], &[0; 23])),
        "`bytes`: expected 24 bytes for float32 (2, 3), found 23"
    );
    assert_eq!(
        argument(Tensor::from_le_bytes(DType::Bool, &[3], &[0, 1, 2])),
        "`bytes`: expected 0 or 1 for a bool, found 2 at byte 2"
    );
    let huge = [usize::MAX / 2, 3];
    assert!(argument(Tensor::from_le_bytes(DType::U8, &huge, &[])).starts_with("`shape`"));
    assert!(argument(Tensor::from_le_bytes(DType::U8, &[0, usize::MAX, 3], &[])).starts_with("`shape`"));
    assert!(argument(Tensor::zeros(DType::F64, &[usize::MAX / 8])).starts_with("`shape`"));
}

#[test]
fn any_layout_becomes_the_standard_one() {
    let array = Array2::from_shape_fn((3, 4), |(row, column)| (10 * row + column) as f32);
    let transposed = Tensor::from_array(array.clone().reversed_axes());
    assert_eq!(transposed.shape(), [4, 3]);
    assert_eq!(transposed.view::<f32>().unwrap().as_slice().map(|slice| slice[1]), Some(10.0));
    let mut backwards = array.clone();
    backwards.invert_axis(Axis(0));
    assert_eq!(Tensor::from(backwards).view::<f32>().unwrap()[[0, 0]], 20.0);
    let column = array.index_axis_move(Axis(1), 1);
    assert_eq!(Tensor::from(column).to_array::<f32>().unwrap(), array![1.0, 11.0, 21.0].into_dyn());
}

#[test]
fn arrays_go_in_and_out_without_a_copy() {
    let array = ArrayD::from_elem(IxDyn(&[4, 4]), 1.0_f32);
    let place = array.as_ptr();
    let tensor = Tensor::from_array(array);
    assert_eq!(tensor.view::<f32>().unwrap().as_ptr(), place);
    assert_eq!(tensor.clone().into_array::<f32>().unwrap().shape(), [4, 4]);
    let array = tensor.widen_to_f32().unwrap();
    assert_eq!(array.as_ptr(), place);
    assert_eq!(Tensor::from_array(array).into_array::<f32>().unwrap().as_ptr(), place);
}

#[test]
fn another_element_type_is_an_error() {
    let mut tensor = Tensor::from_array(array![1.0_f32]);
    let expected = "expected a tensor of float64, found one of float32; convert it with `Tensor::cast` first";
    assert_eq!(tensor.view::<f64>().unwrap_err().to_string(), expected);
    assert_eq!(tensor.view_mut::<f64>().unwrap_err().to_string(), expected);
    assert_eq!(tensor.to_array::<f64>().unwrap_err().to_string(), expected);
    assert_eq!(tensor.clone().into_array::<f64>().unwrap_err().to_string(), expected);
    tensor.view_mut::<f32>().unwrap()[[0]] = 2.0;
    assert_eq!(tensor, Tensor::from_array(array![2.0_f32]));
}

#[test]
fn equality_is_of_bits() {
    let nan = |bits| Tensor::from_array(array![f32::from_bits(bits)]);
    assert_eq!(nan(0x7fc0_0001), nan(0x7fc0_0001));
    assert_ne!(nan(0x7fc0_0001), nan(0x7fc0_0002));
    assert_ne!(Tensor::from_array(array![0.0_f32]), Tensor::from_array(array![-0.0_f32]));
    assert_ne!(Tensor::zeros(DType::F32, &[2, 3]).unwrap(), Tensor::zeros(DType::F32, &[3, 2]).unwrap());
    assert_ne!(Tensor::zeros(DType::F32, &[2]).unwrap(), Tensor::zeros(DType::I32, &[2]).unwrap());
}

#[test]
fn signalling_nans_are_moved_unchanged() {
    let signalling = 0x7f80_0001_u32.to_le_bytes();
    let tensor = Tensor::from_le_bytes(DType::F32, &[1], &signalling).unwrap();
    let array = tensor.clone().widen_to_f32().unwrap();
    assert_eq!(*Tensor::from_array(array).le_bytes(), signalling);
    assert_eq!(BF16::from_bits(0x7f81).to_f32().to_bits(), 0x7f81_0000);
    assert_eq!(F16::from_bits(0xfc01).to_f32().to_bits(), 0xff80_2000);
    let int8 = Tensor::zeros(DType::I8, &[1]).unwrap();
    assert_eq!(int8.clone().widen_to_f32(), Err(int8));
}

#[test]
fn every_16_bit_float_widens_exactly_and_rounds_back() {
    for bits in 0..=u16::MAX {
        let (ours, theirs) = (F16::from_bits(bits), f16::from_bits(bits));
        if theirs.is_nan() {
            assert!(ours.to_f32().is_nan() && ours.to_f64().is_nan() && ours != ours);
        } else {
            assert_eq!(ours.to_f32().to_bits(), theirs.to_f32_const().to_bits());
            assert_eq!(ours.to_f64(), theirs.to_f64_const());
            assert_eq!([F16::from_f64(ours.to_f64()), F16::from_f32(ours.to_f32())].map(F16::to_bits), [bits; 2]);
        }
        let (ours, theirs) = (BF16::from_bits(bits), bf16::from_bits(bits));
        if theirs.is_nan() {
            assert!(ours.to_f32().is_nan() && ours.to_f64().is_nan() && ours != ours);
        } else {
            assert_eq!(ours.to_f32().to_bits(), theirs.to_f32_const().to_bits());
            assert_eq!(ours.to_f64(), theirs.to_f64_const());
            assert_eq!([BF16::from_f64(ours.to_f64()), BF16::from_f32(ours.to_f32())].map(BF16::to_bits), [bits; 2]);
        }
    }
}

/// Both types against the crate `half`, which rounds in other steps.
fn assert_nearest(value: f32) {
    assert_eq!(
        F16::from_f32(value).to_bits(),
        f16::from_f32_const(value).to_bits(),
        "{value:e} {:#x}",
        value.to_bits()
    );
    assert_eq!(
        BF16::from_f32(value).to_bits(),
        bf16::from_f32_const(value).to_bits(),
        "{value:e} {:#x}",
        value.to_bits()
    );
}

#[test]
fn what_is_beside_the_middle_of_two_16_bit_floats_becomes_the_nearest() {
    for bits in 0..=u16::MAX {
        // Between this number and the next one of each type: half of the last place is the 13th and the 16th bit.
        let middles = [F16::from_bits(bits).to_f32().to_bits() | 0x1000, u32::from(bits) << 16 | 0x8000];
        for middle in middles {
            [middle - 1, middle, middle + 1].into_iter().map(f32::from_bits).for_each(assert_nearest);
        }
    }
}

proptest! {
    #[test]
    fn each_float_becomes_the_nearest_of_16_bits(bits: u32, small in -26_i32..-13, fraction in -1.0_f32..1.0) {
        assert_nearest(f32::from_bits(bits));
        // Numbers that are subnormal as float16.
        assert_nearest(fraction * 2.0_f32.powi(small));
    }
}

#[test]
fn every_8_bit_float_round_trips() {
    fn check<T: Element>() {
        for byte in 0..=u8::MAX {
            let tensor = Tensor::from_le_bytes(T::DTYPE, &[1], &[byte]).unwrap();
            let wide = tensor.cast(DType::F64);
            let value = wide.view::<f64>().unwrap()[[0]];
            if value.is_nan() {
                let back = wide.cast(T::DTYPE).cast(DType::F64);
                assert!(back.view::<f64>().unwrap()[[0]].is_nan());
            } else {
                assert_eq!(wide.cast(T::DTYPE), tensor, "{byte:#x}");
            }
        }
    }
    check::<F8E4M3FN>();
    check::<F8E5M2>();
    check::<F8E4M3FNUZ>();
    check::<F8E5M2FNUZ>();
    check::<F8E4M3B11FNUZ>();
    check::<F8E4M3>();
    check::<F8E3M4>();
}

/// Bits that ml_dtypes 0.6 gives for: NaN, -NaN, inf, -inf, 1e30, -0.0, 464, 464.0001, 1.
#[test]
fn special_numbers_become_what_ml_dtypes_makes_of_them() {
    let values = array![f64::NAN, -f64::NAN, f64::INFINITY, -f64::INFINITY, 1e30, -0.0, 464.0, 464.0001, 1.0];
    let cases: [(DType, &[u16]); 9] = [
        (DType::F8E4M3FN, &[0x7f, 0xff, 0x7f, 0xff, 0x7f, 0x80, 0x7e, 0x7f, 0x38]),
        (DType::F8E5M2, &[0x7e, 0xfe, 0x7c, 0xfc, 0x7c, 0x80, 0x5f, 0x5f, 0x3c]),
        (DType::F8E4M3FNUZ, &[0x80, 0x80, 0x80, 0x80, 0x80, 0x0, 0x80, 0x80, 0x40]),
        (DType::F8E5M2FNUZ, &[0x80, 0x80, 0x80, 0x80, 0x80, 0x0, 0x63, 0x63, 0x40]),
        (DType::F8E4M3B11FNUZ, &[0x80, 0x80, 0x80, 0x80, 0x80, 0x0, 0x80, 0x80, 0x58]),
        (DType::F8E4M3, &[0x7c, 0xfc, 0x78, 0xf8, 0x78, 0x80, 0x78, 0x78, 0x38]),
        (DType::F8E3M4, &[0x78, 0xf8, 0x70, 0xf0, 0x70, 0x80, 0x70, 0x70, 0x30]),
        (DType::BF16, &[0x7fc0, 0xffc0, 0x7f80, 0xff80, 0x714a, 0x8000, 0x43e8, 0x43e8, 0x3f80]),
        (DType::F16, &[0x7e00, 0xfe00, 0x7c00, 0xfc00, 0x7c00, 0x8000, 0x5f40, 0x5f40, 0x3c00]),
    ];
    let tensor = Tensor::from_array(values);
    for (dtype, expected) in cases {
        let bytes = tensor.cast(dtype).le_bytes().into_owned();
        let found: Vec<u16> = bytes
            .chunks(dtype.size())
            .map(|chunk| chunk.iter().rev().fold(0, |value, byte| value << 8 | u16::from(*byte)))
            .collect();
        assert_eq!(found, expected, "{dtype}");
    }
}

#[test]
fn rounding_happens_once() {
    let above_half = 1.0 + 2.0_f64.powi(-8) + 2.0_f64.powi(-40);
    assert_eq!(bits::<BF16>(&Tensor::from_array(array![above_half]).cast(DType::BF16)), [0x81, 0x3f]);
    let above_half = 1.0 + 2.0_f64.powi(-11) + 2.0_f64.powi(-40);
    assert_eq!(bits::<F16>(&Tensor::from_array(array![above_half]).cast(DType::F16)), [0x01, 0x3c]);
    let above_half = (1_i64 << 62) + (1 << 54) + 1;
    assert_eq!(bits::<BF16>(&Tensor::from_array(array![above_half]).cast(DType::BF16)), [0x81, 0x5e]);
    let above_half = (1_u64 << 63) + (1 << 39) + 1;
    let nearest = ((1_u64 << 63) + (1 << 40)) as f32;
    assert_eq!(bits::<f32>(&Tensor::from_array(array![above_half]).cast(DType::F32)), nearest.to_le_bytes());
    let largest = Tensor::from_array(array![u64::MAX, 0]).cast(DType::F16);
    assert_eq!(bits::<F16>(&largest), [0x00, 0x7c, 0x00, 0x00]);
}

#[test]
fn other_casts_follow_numpy() {
    let floats = Tensor::from_array(array![-1.9_f32, 0.0, 2.5, f32::NAN]);
    assert_eq!(floats.cast(DType::I32), Tensor::from_array(array![-1, 0, 2, 0]));
    assert_eq!(floats.cast(DType::Bool), Tensor::from_array(array![true, false, true, true]));
    let integers = Tensor::from_array(array![300_i32, -1]);
    assert_eq!(integers.cast(DType::U8), Tensor::from_array(array![44_u8, 255]));
    assert_eq!(integers.cast(DType::F64), Tensor::from_array(array![300.0, -1.0]));
    let bools = Tensor::from_array(array![true, false]);
    assert_eq!(bools.cast(DType::F32), Tensor::from_array(array![1.0_f32, 0.0]));
    let complex = integers.cast(DType::Complex128);
    assert_eq!(complex, Tensor::from_array(array![Complex { re: 300.0, im: 0.0 }, Complex { re: -1.0, im: 0.0 }]));
    assert_eq!(complex.cast(DType::Complex64).cast(DType::I32), integers);
    let imaginary = Tensor::from_array(array![Complex { re: 0.0_f32, im: 1.0 }]);
    assert_eq!(imaginary.cast(DType::Bool), Tensor::from_array(array![true]));
    assert_eq!(imaginary.cast(DType::F32), Tensor::from_array(array![0.0_f32]));
    assert_eq!(floats.cast(DType::F32), floats);
}

proptest! {
    #[test]
    fn f32_rounds_to_16_bits_alike_by_either_way(value in any::<f32>()) {
        let single = Tensor::from_array(array![value]);
        let double = Tensor::from_array(array![f64::from(value)]);
        if !value.is_nan() {
            prop_assert_eq!(single.cast(DType::BF16), double.cast(DType::BF16));
            prop_assert_eq!(single.cast(DType::F16), double.cast(DType::F16));
        }
    }

    #[test]
    fn the_nearest_float_is_chosen(value in -70_000.0..70_000.0_f64) {
        let tensor = Tensor::from_array(array![value]);
        for dtype in [DType::F8E5M2, DType::F8E4M3FN, DType::F16, DType::BF16] {
            let rounded = tensor.cast(dtype).cast(DType::F64).view::<f64>().unwrap()[[0]];
            let step = match dtype {
                DType::F8E5M2 => 2.0_f64.powi(-3),
                DType::F8E4M3FN => 2.0_f64.powi(-4),
                DType::F16 => 2.0_f64.powi(-11),
                _ => 2.0_f64.powi(-8),
            };
            let smallest = 2.0_f64.powi(-9);
            if rounded.is_finite() {
                prop_assert!((rounded - value).abs() <= value.abs() * step + smallest);
            }
        }
    }

    #[test]
    fn bytes_round_trip(
        dtype in prop::sample::select(DType::ALL.to_vec()),
        shape in prop::collection::vec(0..4_usize, 0..5),
        seed in any::<u8>(),
    ) {
        let count: usize = shape.iter().product::<usize>() * dtype.size();
        let bytes: Vec<u8> = (0..count)
            .map(|index| (index as u8).wrapping_mul(31).wrapping_add(seed))
            .map(|byte| if dtype == DType::Bool { byte & 1 } else { byte })
            .collect();
        let tensor = Tensor::from_le_bytes(dtype, &shape, &bytes).unwrap();
        prop_assert_eq!(tensor.shape(), &shape);
        prop_assert_eq!(&*tensor.le_bytes(), &bytes);
        prop_assert!(Tensor::from_le_bytes(dtype, &shape, &[&bytes[..], &[0]].concat()).is_err());
    }
}
