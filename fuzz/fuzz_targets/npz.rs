#![no_main]

use libfuzzer_sys::fuzz_target;
use mlpport_core::formats::Format;
use mlpport_fuzz::{file, zip};

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.to_vec();
    zip::correct(&mut bytes);
    file(Format::Npz, &bytes);
});
