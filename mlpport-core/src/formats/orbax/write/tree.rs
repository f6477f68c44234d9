//! What Orbax writes of a tree.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ndarray::arr0;
use serde_json::{Map, Value as Json, json};

use super::python;
use crate::error::{Error, Result};
use crate::formats::orbax::NAME;
use crate::tensor::{DType, Tensor};
use crate::variables::{Entry, Path, Value, Variables};

/// Bytes that the name of a directory can have.
const LONGEST_NAME: usize = 255;

/// The files and directories of an item that are no arrays.
const RESERVED: &[&str] = &[
    "_METADATA",
    "_CHECKPOINT_METADATA",
    "_sharding",
    "_strings.json",
    "array_metadatas",
    "commit_success.txt",
    "checkpoint",
    "manifest.ocdbt",
];

/// The device of the arrays; newer versions of JAX name it `cpu:0`, and Orbax takes it for that.
const DEVICE: &str = "TFRT_CPU_0";

/// A tree as Orbax writes it.
pub(super) struct Tree<'v> {
    pub(super) leaves: Vec<Leaf<'v>>,
}

pub(super) struct Leaf<'v> {
    path: Path,
    /// The names joined by dots: where the array is.
    pub(super) name: String,
    pub(super) node: Node<'v>,
}

pub(super) enum Node<'v> {
    Array {
        tensor: Cow<'v, Tensor>,
        kind: &'static str,
    },
    Text(&'v str),
    /// Something without a value, under the name that Orbax has for it.
    Empty(&'static str),
}

impl<'v> Tree<'v> {
    /// # Errors
    ///
    /// [`Error::Unsupported`] for what Orbax has no place for.
    pub(super) fn new(variables: &'v Variables, nnx_state: bool) -> Result<Self> {
        let mut tree = Self { leaves: Vec::new() };
        let mut names: BTreeMap<String, Path> = BTreeMap::new();
        for (path, entry) in variables {
            let boxed = nnx_state && entry.as_tensor().is_some() && path.last() != Some("value");
            let inner = if boxed { path.join("value") } else { path.clone() };
            let leaf =
                Leaf { name: inner.names().collect::<Vec<_>>().join("."), node: node(path, entry)?, path: inner };
            if !matches!(leaf.node, Node::Empty(_)) {
                check_name(path, &leaf)?;
                if let Some(other) = names.insert(leaf.name.clone(), path.clone()) {
                    let found = format!("`{}`, which is also that of {}", leaf.name, other.in_words());
                    return refuse(path, "names that are another for each array when joined by dots", found);
                }
            }
            tree.leaves.push(leaf);
        }
        if tree.leaves.is_empty() {
            return refuse(&Path::root(), "at least one entry", "none".to_owned());
        }
        // The directory of one array is not that of another one's chunks.
        for (name, path) in &names {
            let mut above = name.as_str();
            while let Some((front, _)) = above.rsplit_once('/') {
                if names.contains_key(front) {
                    return refuse(
                        path,
                        "names of which none is a directory of another",
                        format!("`{name}` and `{front}`"),
                    );
                }
                above = front;
            }
        }
        Ok(tree)
    }

    /// `_METADATA`.
    pub(super) fn metadata(&self) -> Json {
        let mut entries = Map::new();
        for leaf in &self.leaves {
            let keys: Vec<Json> = leaf.path.names().map(|name| json!({"key": name, "key_type": 2})).collect();
            let value = match &leaf.node {
                Node::Array { kind: kind @ "jax.Array", tensor } => {
                    json!({"value_type": kind, "skip_deserialize": false, "write_shape": tensor.shape()})
                }
                Node::Array { kind, .. } => json!({"value_type": kind, "skip_deserialize": false}),
                Node::Text(_) => json!({"value_type": "string", "skip_deserialize": false}),
                Node::Empty(kind) => json!({"value_type": kind, "skip_deserialize": true}),
            };
            entries.insert(python::tuple(leaf.path.names()), json!({"key_metadata": keys, "value_metadata": value}));
        }
        json!({
            "tree_metadata": entries,
            "use_ocdbt": false,
            "use_zarr3": false,
            "store_array_data_equal_to_fill_value": true,
            "custom_metadata": null,
        })
    }

    /// `_sharding` and `array_metadatas/process_0`, where there are arrays of JAX.
    pub(super) fn of_jax(&self) -> Option<(Json, Json)> {
        let sharding = json!({"sharding_type": "SingleDeviceSharding", "device_str": DEVICE}).to_string();
        let (mut shardings, mut arrays) = (Map::new(), Vec::new());
        for leaf in &self.leaves {
            let Node::Array { tensor, kind: "jax.Array" } = &leaf.node else { continue };
            shardings.insert(python::base64(leaf.name.as_bytes()), json!(sharding));
            arrays.push(json!({"array_metadata": {
                "param_name": leaf.name,
                "write_shape": tensor.shape(),
                "chunk_shape": tensor.shape(),
                "ext_metadata": null,
            }}));
        }
        (!arrays.is_empty()).then(|| (shardings.into(), json!({"array_metadatas": arrays})))
    }
}

/// `.zarray`.
pub(super) fn zarray(tensor: &Tensor) -> Json {
    json!({
        "zarr_format": 2,
        "shape": tensor.shape(),
        "chunks": tensor.shape(),
        "dtype": dtype(tensor.dtype()),
        "compressor": null,
        "fill_value": null,
        "filters": null,
        "order": "C",
        "dimension_separator": ".",
    })
}

/// As numpy writes it, and TensorStore for the types of JAX.
fn dtype(dtype: DType) -> String {
    let kind = match dtype {
        DType::Bool => 'b',
        DType::F16 | DType::F32 | DType::F64 => 'f',
        DType::I8 | DType::I16 | DType::I32 | DType::I64 => 'i',
        DType::U8 | DType::U16 | DType::U32 | DType::U64 => 'u',
        DType::Complex64 | DType::Complex128 => 'c',
        _ => return dtype.name().to_owned(),
    };
    format!("{}{kind}{}", if dtype.size() == 1 { '|' } else { '<' }, dtype.size())
}

fn node<'v>(path: &Path, entry: &'v Entry) -> Result<Node<'v>> {
    let scalar = |tensor| Ok(Node::Array { tensor: Cow::Owned(tensor), kind: "scalar" });
    match entry {
        Entry::Tensor(tensor) if tensor.shape().contains(&0) => {
            refuse(path, "arrays that have elements", tensor.to_string())
        }
        Entry::Tensor(tensor) | Entry::Value(Value::Scalar(tensor)) if tensor.dtype() == DType::F8E4M3 => {
            refuse(path, "arrays of the dtypes of TensorStore; convert it with `Tensor::cast`", tensor.to_string())
        }
        Entry::Tensor(tensor) => {
            // JAX makes 32 bits of these unless it is told not to; numpy keeps them.
            let wide = matches!(tensor.dtype(), DType::F64 | DType::I64 | DType::U64 | DType::Complex128);
            Ok(Node::Array { tensor: Cow::Borrowed(tensor), kind: if wide { "np.ndarray" } else { "jax.Array" } })
        }
        Entry::Empty => Ok(Node::Empty("Dict")),
        Entry::Value(value) => match value {
            Value::None => Ok(Node::Empty("None")),
            Value::Bool(value) => scalar(Tensor::from_array(arr0(*value))),
            Value::Int(value) => scalar(Tensor::from_array(arr0(*value))),
            Value::UInt(value) => scalar(Tensor::from_array(arr0(*value))),
            Value::Float(value) => scalar(Tensor::from_array(arr0(*value))),
            Value::Scalar(tensor) if tensor.shape().is_empty() => {
                Ok(Node::Array { tensor: Cow::Borrowed(tensor), kind: "scalar" })
            }
            Value::Str(text) => Ok(Node::Text(text)),
            other => refuse(path, "arrays, numbers, texts and None", Entry::from(other.clone()).to_string()),
        },
    }
}

/// Fails for a name that leads elsewhere, or that Orbax does not find.
fn check_name(path: &Path, leaf: &Leaf<'_>) -> Result<()> {
    let name = &leaf.name;
    if name.is_empty() {
        return refuse(path, "entries with a name", "one without".to_owned());
    }
    if matches!(leaf.node, Node::Text(_)) {
        if name.contains(['/', '~']) {
            return refuse(path, "texts at names without `/` and `~`", Path::from_names([name]).to_string());
        }
        return Ok(());
    }
    let strange = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains('\0');
    if name.split('/').any(strange) || name.split('/').next().is_some_and(|first| RESERVED.contains(&first)) {
        let expected = "names that are those of directories, and not of Orbax's own files";
        return refuse(path, expected, format!("`{}`", Path::from_names([name])));
    }
    if let Some(part) = name.split('/').find(|part| part.len() > LONGEST_NAME) {
        let expected = "names that have at most 255 bytes when joined by dots";
        return refuse(path, expected, format!("{} bytes", part.len()));
    }
    Ok(())
}

fn refuse<T>(path: &Path, expected: &str, found: String) -> Result<T> {
    Err(Error::Unsupported { path: path.in_words(), format: NAME, expected: expected.to_owned(), found })
}
