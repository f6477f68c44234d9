//! Variables and tensors that are not what was asked for.

use mlpport::tensor::DType;
use mlpport::variables::Value;
use mlpport::{Tensor, Variables};
use ndarray::{Ix1, Ix2, array};

use super::{sample, shown};

texts! {
    a_misspelled_leaf, Path:
        shown(sample().view::<f32, Ix2>("params/Dense_0/kernal").unwrap_err())
        => "params/Dense_0/kernal: expected a leaf, found none; did you mean `params/Dense_0/kernel`?";

    a_subtree_that_is_viewed_as_a_leaf, Path:
        shown(sample().view::<f32, Ix2>("params/Dense_0").unwrap_err())
        => "params/Dense_0: expected a leaf, found a subtree";

    a_value_that_is_viewed_as_a_leaf, Path:
        shown(with_step().view::<f32, Ix1>("step").unwrap_err())
        => "step: expected a leaf, found 1000";

    the_root_that_is_viewed_as_a_leaf, Path:
        shown(sample().view::<f32, Ix1>("").unwrap_err())
        => "the root: expected a leaf, found a subtree";

    a_leaf_of_another_element_type, Path:
        shown(sample().view::<f64, Ix2>("params/Dense_0/kernel").unwrap_err())
        => "params/Dense_0/kernel: expected a leaf of float64, found one of float32; \
            convert it with `Tensor::cast` first";

    a_path_that_disturbs_a_terminal, Path:
        shown(sample().view::<f32, Ix1>("params/Dense_0/\u{1b}bias").unwrap_err())
        => "params/Dense_0/\\u{1b}bias: expected a leaf, found none; did you mean `params/Dense_0/bias`?";

    a_misspelled_subtree, Path:
        shown(sample().select("param").unwrap_err())
        => "param: expected a subtree or an entry, found nothing; the root holds params; did you mean `params`?";

    an_entry_above_entries, Path:
        shown(sample().insert("params/Dense_0", Value::None).unwrap_err())
        => "params/Dense_0: expected no entries below params/Dense_0, found an entry at params/Dense_0/bias";

    an_entry_below_an_entry, Path:
        shown(sample().insert("params/Dense_0/bias/x", Value::None).unwrap_err())
        => "params/Dense_0/bias/x: expected no entry above params/Dense_0/bias/x, \
            found float32 (3,) at params/Dense_0/bias";

    an_entry_of_both_trees, Path:
        shown(sample().merge(sample()).unwrap_err())
        => "params/Dense_0/bias: expected no other entry there, above or below, \
            found float32 (3,) at params/Dense_0/bias";

    another_element_type, DType:
        shown(Tensor::from_array(array![1_i32]).view::<f32>().unwrap_err())
        => "expected a tensor of float32, found one of int32; convert it with `Tensor::cast` first";

    another_rank, Shape:
        shown(sample().view::<f32, Ix1>("params/Dense_0/kernel").unwrap_err())
        => "params/Dense_0/kernel: expected shape (?,), found (2, 3)";

    a_shape_of_no_array, Argument:
        shown(Tensor::zeros(DType::F32, &[1 << 40, 1 << 40]).unwrap_err())
        => "`shape`: expected a shape whose size in bytes is at most isize::MAX, found (1099511627776, 1099511627776)";

    bytes_of_another_length, Argument:
        shown(Tensor::from_le_bytes(DType::BF16, &[2, 3], &[0; 11]).unwrap_err())
        => "`bytes`: expected 12 bytes for bfloat16 (2, 3), found 11";

    a_bool_of_another_byte, Argument:
        shown(Tensor::from_le_bytes(DType::Bool, &[3], &[0, 1, 2]).unwrap_err())
        => "`bytes`: expected 0 or 1 for a bool, found 2 at byte 2";
}

fn with_step() -> Variables {
    let mut variables = sample();
    variables.insert("step", Value::from(1000_i64)).unwrap();
    variables
}
