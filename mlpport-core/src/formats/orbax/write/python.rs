//! Texts as Python writes them.

use std::fmt::Write;

/// `str(tuple(names))`.
pub(super) fn tuple<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let single = names.len() == 1;
    let names: Vec<String> = names.map(repr).collect();
    format!("({}{})", names.join(", "), if single { "," } else { "" })
}

/// `repr(text)`, with every character of control by its number.
fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character == quote => {
                out.push('\\');
                out.push(quote);
            }
            _ if character.is_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push(quote);
    out
}

/// Base64 with padding, as `base64.b64encode`.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().chain([&0, &0]).take(3).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        for place in 0..4 {
            let digit = usize::try_from(number >> (18 - 6 * place) & 63).ok().and_then(|index| DIGITS.get(index));
            out.push(if place > group.len() { '=' } else { char::from(digit.copied().unwrap_or(b'=')) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base64, tuple};

    #[test]
    fn as_python_writes_them() {
        assert_eq!(tuple(["a"].into_iter()), "('a',)");
        assert_eq!(tuple(["a'", "b\"'", "\n\\"].into_iter()), r#"("a'", 'b"\'', '\n\\')"#);
        assert_eq!(tuple([].into_iter()), "()");
        let encoded = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }
}
