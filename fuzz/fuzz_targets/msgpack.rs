#![no_main]

use libfuzzer_sys::fuzz_target;
use mlpport_core::formats::Format;
use mlpport_core::formats::msgpack::{from_bytes, to_bytes};

// In memory, which is faster; some inputs from a file, whose structure is read first.
fuzz_target!(|bytes: &[u8]| {
    if bytes.len() % 16 == 0 {
        mlpport_fuzz::file(Format::Msgpack, bytes);
    }
    match from_bytes(bytes) {
        Err(error) => drop(error.to_string()),
        Ok(variables) => {
            // Some trees have no place in a file: a key may be the mark of an array in chunks.
            let Ok(written) = to_bytes(&variables) else { return };
            let again = from_bytes(&written).expect("what was written is read");
            let again = to_bytes(&again).expect("what was read is written");
            assert!(again == written, "{variables} becomes other bytes when it is read again");
        }
    }
});
