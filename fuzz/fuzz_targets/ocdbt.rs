#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use mlpport_fuzz::folder::unpack;

/// For a store that stands alone: two arrays, whose keys the fixtures have.
const METADATA: &str = r#"{"tree_metadata": {
    "('a',)": {"key_metadata": [{"key": "a", "key_type": 2}], "value_metadata": {"value_type": "jax.Array", "skip_deserialize": false}},
    "('params', 'layers_0')": {"key_metadata": [{"key": "params", "key_type": 2}, {"key": "layers_0", "key_type": 2},
        {"key": "attention", "key_type": 2}, {"key": "kernel_0", "key_type": 2}],
        "value_metadata": {"value_type": "jax.Array", "skip_deserialize": false}}},
    "use_zarr3": false, "use_ocdbt": true}"#;

// As `orbax`, for directories with an OCDBT store alone.
fuzz_target!(|bytes: &[u8]| -> Corpus {
    let mut files = unpack(bytes);
    let has = |wanted: &str| files.iter().any(|(name, _)| name == wanted);
    if !has("manifest.ocdbt") {
        return Corpus::Reject;
    }
    if !has("_METADATA") {
        files.push(("_METADATA".to_owned(), METADATA.into()));
    }
    mlpport_fuzz::folder(&files);
    Corpus::Keep
});
