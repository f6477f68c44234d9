//! The array of one array file, alone or in an archive.

use std::io::{self, Read};
use std::sync::Arc;

use super::NAME;
use super::archive::Archive;
use super::descr;
use super::header::{self, Header, HeaderError};
use super::reader::Reader;
use crate::error::{Error, Result};
use crate::formats::index::{ArrayData, ArraySlot, Index, Parts};
use crate::formats::joined::shown;
use crate::formats::source::Source;
use crate::tensor::{BytesError, Shape, Tensor};
use crate::variables::Path;

/// The structure of a file with one array, which stands at the root.
///
/// # Errors
///
/// [`Error::Format`] where it is no array of numpy, or one whose elements are pickled or of a dtype that no tensor can have.
pub(in crate::formats) fn index_npy<'a>(source: &Arc<Source<'a>>) -> Result<Index<'a>> {
    let mut index = Index::default();
    let place = Place { source: Arc::clone(source), key: None, offset: 0, is_stored: true };
    let array = slot(place, source.length(), Content::File(Arc::clone(source)))?;
    // Nothing else stands in the index.
    let _ = index.insert(Path::root(), array.into());
    Ok(index)
}

/// Where an array file is.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    pub(super) source: Arc<Source<'a>>,
    /// The name of the member of an archive.
    pub(super) key: Option<String>,
    /// Where it begins.
    pub(super) offset: u64,
    /// Whether its bytes are those of the file.
    pub(super) is_stored: bool,
}

impl Place<'_> {
    /// An error about the bytes at an offset from the start of the array file.
    pub(super) fn fault(&self, offset: usize, expected: impl Into<String>, found: impl Into<String>) -> Error {
        let within = if self.is_stored { u64::try_from(offset).unwrap_or(u64::MAX) } else { 0 };
        let member = self.key.as_ref().map(|key| format!(" (in {})", shown(key))).unwrap_or_default();
        let found = format!("{}{member}", found.into());
        self.source.fault(NAME, self.offset.saturating_add(within), expected, found)
    }

    /// The error of a read that failed.
    pub(super) fn failed(&self, error: io::Error) -> Error {
        let expected = match error.kind() {
            io::ErrorKind::UnexpectedEof => "all bytes of the array",
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => "bytes that are whole",
            _ => {
                let file = self.source.file().map_or_else(|| "memory".into(), ToOwned::to_owned);
                return Error::Io { file, action: "read", source: error };
            }
        };
        self.fault(0, expected, error.to_string())
    }

    /// The two lines of Python that make a checkpoint of Flax of what is pickled.
    fn converting(&self) -> String {
        let file = self.source.file().map_or_else(|| "array.npy".to_owned(), |file| file.display().to_string());
        let key = match &self.key {
            Some(key) => format!("[\"{}\"]", key.escape_default()),
            None => String::new(),
        };
        let file = file.escape_default();
        format!(
            "; it can run any program, so it is not read here. Where you trust it, convert it in Python:\n  \
             tree = numpy.load(\"{file}\", allow_pickle=True){key}.tolist()\n  \
             open(\"{file}.msgpack\", \"wb\").write(flax.serialization.to_bytes(tree))"
        )
    }
}

/// Where the bytes of an array file come from.
#[derive(Debug)]
pub(super) enum Content<'a> {
    File(Arc<Source<'a>>),
    Member(Archive<'a>, usize),
}

impl<'a> Content<'a> {
    /// Hands over what reads the array file from its start, and compares it with its checksum at the end.
    fn with_reader<T>(&self, read: impl FnOnce(&mut dyn Read) -> T) -> io::Result<T> {
        match self {
            Self::File(source) => Ok(read(&mut Reader::new(source, 0, u64::MAX))),
            Self::Member(archive, index) => archive.with_member(*index, |member| read(member)),
        }
    }
}

/// The array of an array file of `length` bytes.
pub(super) fn slot<'a>(place: Place<'a>, length: u64, content: Content<'a>) -> Result<ArraySlot<'a>> {
    let header = content.with_reader(|mut from| header::read(&mut from)).map_err(|error| place.failed(error))?;
    let header = header.map_err(|error| match error {
        HeaderError::Io(error) => place.failed(error),
        HeaderError::Fault(fault) => {
            let python = if fault.is_pickle { place.converting() } else { String::new() };
            place.fault(fault.offset, fault.expected, format!("{}{python}", fault.found))
        }
    })?;
    let (dtype, shape) = (header.dtype, header.shape.clone());
    let size = usize::try_from(length).ok().and_then(|length| length.checked_sub(header.length));
    match Tensor::check_length(dtype, &shape, size.unwrap_or(usize::MAX)) {
        Ok(()) | Err(BytesError::Bool { .. }) => {}
        Err(BytesError::Length { expected }) => {
            let found = size.map_or_else(|| "the end before".to_owned(), |size| size.to_string());
            return Err(place.fault(header.length, format!("{expected} bytes for {dtype} {shape}"), found));
        }
        Err(BytesError::Shape | BytesError::Memory) => {
            return Err(place.fault(header.length, "a shape that fits into memory", shape.to_string()));
        }
    }
    let plain = !header.big_endian && !is_transposed(&header);
    let data: Box<dyn ArrayData + 'a> = match content {
        Content::File(source) if plain => {
            let range = u64::try_from(header.length).unwrap_or(u64::MAX)..length;
            Box::new(Parts { source, format: NAME, ranges: vec![range] })
        }
        content => Box::new(Array { place, header, content }),
    };
    Ok(ArraySlot { dtype, shape, data })
}

/// Whether the elements stand in another order than that of C: with less than two axes that are longer than 1, there is one.
fn is_transposed(header: &Header) -> bool {
    header.fortran_order && header.shape.iter().filter(|length| **length > 1).count() > 1
}

/// The elements of an array file.
#[derive(Debug)]
struct Array<'a> {
    place: Place<'a>,
    header: Header,
    content: Content<'a>,
}

impl ArrayData for Array<'_> {
    fn read_into(&self, out: &mut [u8]) -> Result<()> {
        let header = &self.header;
        let read = self.content.with_reader(|from| {
            io::copy(&mut from.take(u64::try_from(header.length).unwrap_or(u64::MAX)), &mut io::sink())?;
            if is_transposed(header) {
                // What is really there, and not what the shape claims, has to find place in memory.
                let mut elements = Vec::new();
                from.take(u64::try_from(out.len()).unwrap_or(u64::MAX)).read_to_end(&mut elements)?;
                if elements.len() < out.len() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                transpose(&header.shape, header.dtype.size(), &elements, out);
            } else {
                from.read_exact(out)?;
            }
            // At the end the checksum is compared.
            if from.read(&mut [0])? > 0 {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "more bytes than those of the array"));
            }
            Ok(())
        });
        read.and_then(|read| read).map_err(|error| self.place.failed(error))?;
        if header.big_endian {
            out.chunks_exact_mut(descr::width(header.dtype)).for_each(<[u8]>::reverse);
        }
        Ok(())
    }

    fn fault(&self, index: usize, expected: String, found: String) -> Error {
        let offset = if is_transposed(&self.header) { 0 } else { index };
        self.place.fault(self.header.length.saturating_add(offset), expected, found)
    }
}

/// Copies elements of `size` bytes from Fortran order to C order.
fn transpose(shape: &Shape, size: usize, from: &[u8], out: &mut [u8]) {
    // How far the next element on each axis is.
    let mut steps = Vec::with_capacity(shape.len());
    let mut step = size;
    for length in shape.iter() {
        steps.push(step);
        step = step.saturating_mul(*length);
    }
    let mut place = vec![0_usize; shape.len()];
    let mut offset = 0_usize;
    for element in out.chunks_exact_mut(size) {
        if let Some(bytes) = from.get(offset..).and_then(|rest| rest.get(..size)) {
            element.copy_from_slice(bytes);
        }
        for ((place, length), step) in place.iter_mut().zip(shape.iter()).zip(&steps).rev() {
            *place += 1;
            offset = offset.saturating_add(*step);
            if *place < *length {
                break;
            }
            offset = offset.saturating_sub(step.saturating_mul(*length));
            *place = 0;
        }
    }
}
