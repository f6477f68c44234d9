//! What stands between the elements of a chunk and the bytes of its value: compression and checksums.

use std::io::{self, BufReader, Read};

use flate2::bufread::{GzDecoder, ZlibDecoder};

use crate::error::{Error, Result};
use crate::formats::orbax::store::Blob;

/// One step from the bytes of elements to those of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    Zstd,
    Gzip,
    Zlib,
    /// A CRC-32C of all before it, in 4 bytes at the end.
    Crc32c,
}

/// Bytes that are read from a value at once.
const BUFFER: usize = 1 << 17;

/// The base 2 logarithms of the windows of zstd that are read whatever the chunk; and of the largest ones.
const WINDOW: (u32, u32) = (23, 27);

/// The bytes of a chunk's elements, behind what is left of its filters.
#[derive(Debug)]
pub(super) struct Stream {
    blob: Blob,
    /// The compression of the blob, if it is not yet taken off.
    packed: Option<Filter>,
}

impl Stream {
    /// Takes all filters off but the last one to be, of a chunk that has `length` bytes.
    ///
    /// # Errors
    ///
    /// Where a checksum is wrong, and those of [`read_into`](Self::read_into).
    pub(super) fn new(mut blob: Blob, filters: &[Filter], length: usize) -> Result<Self> {
        for (index, filter) in filters.iter().enumerate().rev() {
            match filter {
                Filter::Crc32c => blob = checked(&blob)?,
                packed if index == 0 => return Ok(Self { blob, packed: Some(*packed) }),
                packed => {
                    // What a checksum or another compression adds is little.
                    let most = length.saturating_add(length / 8).saturating_add(1024);
                    let mut bytes = Vec::new();
                    unpack(*packed, &blob, most, |part| bytes.extend_from_slice(part))?;
                    blob = Blob::memory(bytes);
                }
            }
        }
        Ok(Self { blob, packed: None })
    }

    /// The number of bytes in the store, and whether they are compressed.
    pub(super) fn stored(&self) -> (u64, bool) {
        (self.blob.length(), self.packed.is_some())
    }

    /// Fails where there are not as many bytes as are asked for. What is compressed is so only for `unpacked`.
    pub(super) fn check(&self, length: usize, unpacked: bool) -> Result<()> {
        match self.packed {
            None => self.check_length(length),
            Some(packed) if unpacked => {
                let mut there = 0_usize;
                unpack(packed, &self.blob, length, |part| there += part.len())?;
                self.check_unpacked(there, length)
            }
            Some(_) => Ok(()),
        }
    }

    /// Fills `out`, which is as long as the elements.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where there are more or fewer bytes, or the compression is damaged.
    pub(super) fn read_into(&self, out: &mut [u8]) -> Result<()> {
        let Some(packed) = self.packed else {
            self.check_length(out.len())?;
            return self.blob.read_into(0, out);
        };
        let length = out.len();
        let mut reader = decoder(packed, &self.blob, length)?;
        let mut there = 0;
        while let Some(rest) = out.get_mut(there..).filter(|rest| !rest.is_empty()) {
            match reader.read(rest).map_err(|error| failed(packed, &self.blob, error))? {
                0 => break,
                read => there += read,
            }
        }
        self.check_unpacked(there, length)?;
        let mut beyond = [0];
        match reader.read(&mut beyond).map_err(|error| failed(packed, &self.blob, error))? {
            0 => finish(reader, packed, &self.blob),
            _ => Err(too_long(&self.blob, length)),
        }
    }

    /// The bytes of the elements; memory is taken as they arrive.
    ///
    /// # Errors
    ///
    /// As [`read_into`](Self::read_into).
    pub(super) fn read(&self, length: usize) -> Result<Vec<u8>> {
        let Some(packed) = self.packed else {
            self.check_length(length)?;
            return self.blob.read(u64::MAX);
        };
        let mut bytes = Vec::new();
        unpack(packed, &self.blob, length, |part| {
            let more = part.len().max(bytes.len()).min(length.saturating_sub(bytes.len()));
            bytes.reserve_exact(more);
            bytes.extend_from_slice(part);
        })?;
        self.check_unpacked(bytes.len(), length)?;
        Ok(bytes)
    }

    fn check_length(&self, length: usize) -> Result<()> {
        if u64::try_from(length) == Ok(self.blob.length()) {
            return Ok(());
        }
        let found = self.blob.length();
        Err(self.blob.fault(
            found.min(u64::try_from(length).unwrap_or(found)),
            format!("{length} bytes of elements"),
            found.to_string(),
        ))
    }

    fn check_unpacked(&self, there: usize, length: usize) -> Result<()> {
        if there == length {
            return Ok(());
        }
        Err(self.blob.fault(0, format!("{length} bytes of elements"), format!("{there} when decompressed")))
    }
}

/// The value without its checksum.
pub(super) fn checked(blob: &Blob) -> Result<Blob> {
    let Some(end) = blob.length().checked_sub(4) else {
        return Err(blob.fault(0, "a CRC-32C of 4 bytes", format!("{} bytes", blob.length())));
    };
    let mut stored = [0; 4];
    blob.read_into(end, &mut stored)?;
    let inner = blob.part(0..end)?;
    let mut reader = Reader { blob: &inner, offset: 0 };
    let mut buffer = vec![0; BUFFER];
    let mut crc = 0;
    loop {
        match reader.read(&mut buffer).map_err(|error| failed(Filter::Crc32c, &inner, error))? {
            0 => break,
            read => crc = crc32c::crc32c_append(crc, buffer.get(..read).unwrap_or_default()),
        }
    }
    if crc != u32::from_le_bytes(stored) {
        let found = format!("{:08x}", u32::from_le_bytes(stored));
        return Err(blob.fault(end, format!("{crc:08x}, the CRC-32C of the bytes before it"), found));
    }
    Ok(inner)
}

/// Decompresses a value, in parts, up to `most` bytes.
fn unpack(packed: Filter, blob: &Blob, most: usize, mut take: impl FnMut(&[u8])) -> Result<()> {
    let mut reader = decoder(packed, blob, most)?;
    let mut buffer = vec![0; BUFFER];
    let mut there = 0_usize;
    loop {
        match reader.read(&mut buffer).map_err(|error| failed(packed, blob, error))? {
            0 => return finish(reader, packed, blob),
            read => {
                there = there.saturating_add(read);
                if there > most {
                    return Err(too_long(blob, most));
                }
                take(buffer.get(..read).unwrap_or_default());
            }
        }
    }
}

fn too_long(blob: &Blob, length: usize) -> Error {
    blob.fault(0, format!("{length} bytes of elements"), "more when decompressed")
}

/// A decompressor of one frame; what follows it is left.
enum Decoder<'b> {
    Zstd(zstd::stream::read::Decoder<'static, BufReader<Reader<'b>>>),
    Gzip(GzDecoder<BufReader<Reader<'b>>>),
    Zlib(ZlibDecoder<BufReader<Reader<'b>>>),
}

impl Decoder<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Zstd(decoder) => decoder.read(out),
            Self::Gzip(decoder) => decoder.read(out),
            Self::Zlib(decoder) => decoder.read(out),
        }
    }
}

fn decoder(packed: Filter, blob: &Blob, length: usize) -> Result<Decoder<'_>> {
    let reader = BufReader::with_capacity(BUFFER, Reader { blob, offset: 0 });
    match packed {
        Filter::Gzip => Ok(Decoder::Gzip(GzDecoder::new(reader))),
        Filter::Zlib => Ok(Decoder::Zlib(ZlibDecoder::new(reader))),
        Filter::Zstd | Filter::Crc32c => {
            let window = length.checked_next_power_of_two().map_or(WINDOW.1, usize::ilog2).clamp(WINDOW.0, WINDOW.1);
            let decoder = zstd::stream::read::Decoder::with_buffer(reader).and_then(|mut decoder| {
                decoder.window_log_max(window)?;
                Ok(decoder.single_frame())
            });
            decoder.map(Decoder::Zstd).map_err(|error| failed(packed, blob, error))
        }
    }
}

/// Fails where bytes follow the frame.
fn finish(decoder: Decoder<'_>, packed: Filter, blob: &Blob) -> Result<()> {
    let mut reader = match decoder {
        Decoder::Zstd(decoder) => decoder.finish(),
        Decoder::Gzip(decoder) => decoder.into_inner(),
        Decoder::Zlib(decoder) => decoder.into_inner(),
    };
    let mut beyond = [0];
    match reader.read(&mut beyond).map_err(|error| failed(packed, blob, error))? {
        0 => Ok(()),
        _ => Err(blob.fault(0, format!("one frame of {}", name(packed)), "bytes behind it")),
    }
}

fn failed(packed: Filter, blob: &Blob, error: io::Error) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => error,
        Err(error) => blob.fault(0, format!("a frame of {}", name(packed)), error.to_string()),
    }
}

fn name(filter: Filter) -> &'static str {
    match filter {
        Filter::Zstd => "zstd",
        Filter::Gzip => "gzip",
        Filter::Zlib => "zlib",
        Filter::Crc32c => "bytes",
    }
}

/// The bytes of a value in order.
struct Reader<'b> {
    blob: &'b Blob,
    offset: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.blob.length().saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let length = left.min(out.len());
        let out = out.get_mut(..length).unwrap_or_default();
        self.blob.read_into(self.offset, out).map_err(io::Error::other)?;
        self.offset = self.offset.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        Ok(length)
    }
}
