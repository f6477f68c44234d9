//! What stands in front of the elements of an array: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.

use std::io::{self, Read};

use super::{MAGIC, MOST_AXES, descr};
use crate::tensor::{DType, Shape};

/// Bytes that a header may have, as for `numpy.load`.
const MOST_HEADER: usize = 10_000;

/// Bytes of a header that an error shows.
const SHOWN: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) dtype: DType,
    /// Whether the bytes of each number are in the other order: the highest first.
    pub(super) big_endian: bool,
    /// Whether the first axis is the one whose elements stand side by side.
    pub(super) fortran_order: bool,
    pub(super) shape: Shape,
    /// The number of bytes in front of the elements.
    pub(super) length: usize,
}

/// What is wrong, and where from the start of the array file.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) expected: String,
    pub(super) found: String,
    /// Whether it is an array of objects, or a pickle alone.
    pub(super) is_pickle: bool,
}

#[derive(Debug)]
pub(super) enum HeaderError {
    Io(io::Error),
    Fault(Fault),
}

impl HeaderError {
    fn new(offset: usize, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Fault(Fault { offset, expected: expected.into(), found: found.into(), is_pickle: false })
    }

    fn pickle(offset: usize, found: impl Into<String>) -> Self {
        let expected = "an array of numbers".to_owned();
        Self::Fault(Fault { offset, expected, found: found.into(), is_pickle: true })
    }
}

/// Reads a header, and no byte behind it.
pub(super) fn read(from: &mut impl Read) -> Result<Header, HeaderError> {
    let start = take(from, 0, MAGIC.len() + 2)?;
    let version = match start.strip_prefix(MAGIC) {
        Some([1, 0]) => 1,
        Some([2, 0]) => 2,
        Some([3, 0]) => 3,
        Some(other) => {
            let found = other.iter().map(u8::to_string).collect::<Vec<_>>().join(".");
            return Err(HeaderError::new(MAGIC.len(), "the version 1.0, 2.0 or 3.0", found));
        }
        None if matches!(start.as_slice(), [0x80, 2..=5, ..]) => {
            return Err(HeaderError::pickle(0, "a pickle"));
        }
        None => return Err(HeaderError::new(0, "an array of numpy, which begins with \\x93NUMPY", quoted(&start))),
    };
    let mut length = [0; 4];
    let width = if version == 1 { 2 } else { 4 };
    let bytes = take(from, start.len(), width)?;
    for (to, byte) in length.iter_mut().zip(bytes) {
        *to = byte;
    }
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > MOST_HEADER {
        let found = format!("{length}; a plain dtype and fewer axes make it shorter");
        return Err(HeaderError::new(start.len(), format!("a header of at most {MOST_HEADER} bytes"), found));
    }
    let offset = start.len() + width;
    let header = take(from, offset, length)?;
    let parser = Parser { bytes: &header, offset, place: 0, old: version < 3 };
    parser.header(offset + length)
}

fn take(from: &mut impl Read, offset: usize, length: usize) -> Result<Vec<u8>, HeaderError> {
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => HeaderError::new(offset, format!("{length} bytes"), "the end before"),
        _ => HeaderError::Io(error),
    })?;
    Ok(bytes)
}

fn quoted(bytes: &[u8]) -> String {
    let start = bytes.get(..SHOWN).unwrap_or(bytes);
    let mut shown = String::new();
    for byte in start {
        match byte {
            b' '..=b'~' => shown.push(char::from(*byte)),
            _ => shown.extend(std::ascii::escape_default(*byte).map(char::from)),
        }
    }
    format!("`{shown}{}`", if start.len() < bytes.len() { "…" } else { "" })
}

/// Reads the one kind of Python literal that a header is.
struct Parser<'h> {
    bytes: &'h [u8],
    /// Where the bytes are in the array file.
    offset: usize,
    place: usize,
    /// Whether Python 2 may have written it, with an `L` behind long integers.
    old: bool,
}

impl Parser<'_> {
    fn header(mut self, length: usize) -> Result<Header, HeaderError> {
        let (mut dtype, mut fortran_order, mut shape) = (None, None, None);
        self.expect(b'{')?;
        while !self.skip(b'}') {
            let at = self.place;
            let key = self.text()?;
            self.expect(b':')?;
            let twice = match key.as_str() {
                "descr" => dtype.replace(self.descr()?).is_some(),
                "fortran_order" => fortran_order.replace(self.boolean()?).is_some(),
                "shape" => shape.replace(self.shape()?).is_some(),
                _ => return Err(self.fault(at, "`descr`, `fortran_order` and `shape` alone")),
            };
            if twice {
                return Err(self.fault(at, "each key once"));
            }
            if !self.skip(b',') {
                self.expect(b'}')?;
                break;
            }
        }
        self.blanks();
        if self.place < self.bytes.len() {
            return Err(self.fault(self.place, "the end of the header"));
        }
        let (Some((dtype, big_endian)), Some(fortran_order), Some(shape)) = (dtype, fortran_order, shape) else {
            return Err(self.fault(0, "`descr`, `fortran_order` and `shape`"));
        };
        Ok(Header { dtype, big_endian, fortran_order, shape, length })
    }

    fn descr(&mut self) -> Result<(DType, bool), HeaderError> {
        self.blanks();
        let at = self.place;
        if matches!(self.peek(), Some(b'[' | b'(')) {
            return Err(self.fault(at, "a dtype without fields; save each field as an array of its own"));
        }
        let descr = self.text()?;
        descr::parse(&descr).map_err(|expected| match descr.get(1..2) {
            Some("O") => HeaderError::pickle(self.offset + at, "an array of Python objects, which are pickled"),
            _ => HeaderError::new(self.offset + at, expected, quoted(descr.as_bytes())),
        })
    }

    fn boolean(&mut self) -> Result<bool, HeaderError> {
        self.blanks();
        for (word, value) in [(b"True".as_slice(), true), (b"False", false)] {
            if self.bytes.get(self.place..).is_some_and(|rest| rest.starts_with(word)) {
                self.place += word.len();
                return Ok(value);
            }
        }
        Err(self.fault(self.place, "True or False"))
    }

    fn shape(&mut self) -> Result<Shape, HeaderError> {
        self.expect(b'(')?;
        let mut axes = Vec::new();
        while !self.skip(b')') {
            if axes.len() == MOST_AXES {
                return Err(self.fault(self.place, &format!("at most {MOST_AXES} axes")));
            }
            axes.push(self.number()?);
            if self.skip(b',') {
                continue;
            }
            // `(3)` is no tuple in Python.
            if axes.len() == 1 {
                return Err(self.fault(self.place, "`,` behind the only axis of a shape"));
            }
            self.expect(b')')?;
            break;
        }
        Ok(Shape::from(axes))
    }

    fn number(&mut self) -> Result<usize, HeaderError> {
        self.blanks();
        let at = self.place;
        let mut number = 0_usize;
        while let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(10)) {
            let digit = usize::try_from(digit).unwrap_or_default();
            let next = number.checked_mul(10).and_then(|number| number.checked_add(digit));
            number = next.ok_or_else(|| self.fault(at, "the length of an axis"))?;
            self.place += 1;
        }
        if self.place == at {
            return Err(self.fault(at, "the length of an axis"));
        }
        if self.old && self.peek() == Some(b'L') {
            self.place += 1;
        }
        Ok(number)
    }

    /// A text in quotes, which has no escapes.
    fn text(&mut self) -> Result<String, HeaderError> {
        self.blanks();
        let at = self.place;
        let quote = self.peek().filter(|byte| matches!(byte, b'\'' | b'"'));
        let rest = self.bytes.get(at + 1..).unwrap_or_default();
        let end = quote.and_then(|quote| rest.iter().position(|byte| *byte == quote));
        let text = end.and_then(|end| rest.get(..end)).filter(|text| !text.contains(&b'\\') && text.is_ascii());
        let Some(text) = text else { return Err(self.fault(at, "a text in quotes")) };
        self.place += text.len() + 2;
        Ok(text.iter().copied().map(char::from).collect())
    }

    fn expect(&mut self, byte: u8) -> Result<(), HeaderError> {
        if self.skip(byte) { Ok(()) } else { Err(self.fault(self.place, &format!("`{}`", char::from(byte)))) }
    }

    /// Whether `byte` is next, which is passed then.
    fn skip(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(byte);
        self.place += usize::from(found);
        found
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n')) {
            self.place += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.place).copied()
    }

    fn fault(&self, place: usize, expected: &str) -> HeaderError {
        let rest = self.bytes.get(place..).unwrap_or_default();
        let found = if rest.is_empty() { "the end of the header".to_owned() } else { quoted(rest) };
        HeaderError::new(self.offset + place, expected, found)
    }
}
