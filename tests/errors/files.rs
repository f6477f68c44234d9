//! Files that cannot be read or written.

use std::fs;
use std::io;
use std::path::Path;

use mlpport::formats::msgpack;
use mlpport::variables::Value;
use mlpport::{Error, Mapping, Path as TreePath, SaveOptions, Variables};

use super::{Shown, in_folder, sample, shown};

texts! {
    a_file_that_is_not_there, Io:
        in_folder(|folder| mlpport::load(folder.join("model.msgpack")))
        => format!("…/model.msgpack: cannot read: {}", not_found());

    a_mapping_that_is_not_there, Io:
        in_folder(|folder| Mapping::load(folder.join("mapping.json")))
        => format!("…/mapping.json: cannot read: {}", not_found());

    a_folder_that_is_not_there, Io:
        in_folder(|folder| mlpport::save(&sample(), folder.join("runs/model.msgpack")))
        => format!("…/runs/model.msgpack: cannot write: {}", not_found());

    a_folder_in_the_place_of_a_file, Io:
        in_folder(|folder| SaveOptions::new().overwrite(true).save(&sample(), folder))
        => "…: cannot replace: it is a directory";

    a_file_that_is_there, Io:
        in_folder(|folder| {
            fs::write(folder.join("model.msgpack"), "before").unwrap();
            mlpport::save(&sample(), folder.join("model.msgpack"))
        })
        => "…/model.msgpack: cannot write: it is there already; `SaveOptions::overwrite` replaces it";

    a_file_that_is_cut, Format:
        load_of("model.msgpack", b"\x81\xa6params\x81\xa7Dense_0")
        => "…/model.msgpack: msgpack, byte 17: expected a value, found the end (in params/Dense_0)";

    bytes_without_a_file, Format:
        shown(msgpack::from_bytes(b"\x81\xa6params").unwrap_err())
        => "msgpack, byte 8: expected a value, found the end (in params)";

    an_array_of_too_few_bytes, Format:
        load_of("model.msgpack", b"\x81\xa1x\xc7\x11\x01\x93\x91\x02\xa7float32\xc4\x04\0\0\0\0")
        => "…/model.msgpack: msgpack, byte 17: expected 8 bytes for float32 (2,), found 4 bytes (in x)";

    json_that_breaks_off, Format:
        in_folder(|folder| load_mapping(folder, r#"{"pairs": [["Dense_0" "fc1"]]}"#))
        => "…/mapping.json: mapping in JSON, byte 22: expected an object like {\"pairs\": [[\"Dense_0\", \"fc1\"]], \
            \"ignore\": [\"Dense_1\"], \"keep\": [\"head\"]}, of which \"pairs\" is required, \
            found expected `,` or `]` at line 1 column 23";

    an_archive_of_another_kind, UnknownFormat:
        load_of("model.msgpack", b"\x89HDF\r\n\x1a\n, and so on")
        => known("…/model.msgpack", "an HDF5 file");

    a_text, UnknownFormat:
        load_of("model.txt", b"hello, you")
        => known("…/model.txt", "bytes that begin with 68 65 6c 6c 6f 2c 20 79");

    an_empty_file, UnknownFormat:
        load_of("model.bin", b"")
        => known("…/model.bin", "no bytes");

    a_folder_that_is_loaded, UnknownFormat:
        in_folder(|folder| mlpport::load(folder))
        => known("…", "a directory");

    an_extension_that_is_not_written, UnknownFormat:
        in_folder(|folder| mlpport::save(&sample(), folder.join("model.pt")))
        => known("…/model.pt", "the extension `.pt`");

    a_name_that_flax_keeps_for_itself, Unsupported:
        in_folder(|folder| {
            let mut variables = sample();
            variables.insert("params/__msgpack_chunked_array__", Value::None)?;
            mlpport::save(&variables, folder.join("model.msgpack"))
        })
        => "params/__msgpack_chunked_array__: msgpack stores names that Flax does not keep for itself, \
            found `__msgpack_chunked_array__`";

    a_tree_that_is_too_deep, Unsupported:
        shown(msgpack::to_bytes(&tower(129)).unwrap_err())
        => format!("{}: msgpack stores paths of at most 128 names, found one of 129", ["x"; 129].join("/"));
}

/// The text of an error that names the formats.
fn known(file: &str, found: &str) -> String {
    let expected = "msgpack (.msgpack, .flax), safetensors (.safetensors), npz (.npz), npy (.npy), orbax (.orbax)";
    format!("{file}: expected {expected}, found {found}")
}

/// What the operating system says of a file that is not there.
fn not_found() -> io::Error {
    fs::read("no/such/file").unwrap_err()
}

/// The error of loading a file of these bytes.
fn load_of(name: &str, bytes: &[u8]) -> Shown {
    in_folder(|folder| {
        fs::write(folder.join(name), bytes).unwrap();
        mlpport::load(folder.join(name))
    })
}

fn load_mapping(folder: &Path, text: &str) -> Result<Mapping, Error> {
    fs::write(folder.join("mapping.json"), text).unwrap();
    Mapping::load(folder.join("mapping.json"))
}

/// One value below so many names.
fn tower(names: usize) -> Variables {
    let mut variables = Variables::new();
    variables.insert(TreePath::from_names(vec!["x"; names]), Value::None).unwrap();
    variables
}
