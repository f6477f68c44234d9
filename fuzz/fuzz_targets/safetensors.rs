#![no_main]

use libfuzzer_sys::fuzz_target;
use mlpport_core::formats::Format;

fuzz_target!(|bytes: &[u8]| mlpport_fuzz::file(Format::Safetensors, bytes));
