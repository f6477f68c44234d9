#![no_main]

use libfuzzer_sys::fuzz_target;
use mlpport_fuzz::folder::unpack;

fuzz_target!(|bytes: &[u8]| mlpport_fuzz::folder(&unpack(bytes)));
