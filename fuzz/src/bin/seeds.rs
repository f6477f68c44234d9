//! Copies the files of `tests/fixtures` to where each target looks for seeds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mlpport_fuzz::folder::pack;

const MOST_BYTES: usize = 16_384;

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = Seeds { corpus: here.join("corpus"), count: 0 };
    for folder in fs::read_dir(here.join("../tests/fixtures"))? {
        let folder = folder?.path();
        if folder.is_dir() {
            seeds.take_below(&folder)?;
        }
    }
    println!("{} seeds", seeds.count);
    Ok(())
}

struct Seeds {
    corpus: PathBuf,
    count: usize,
}

impl Seeds {
    fn take_below(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.take_folder(&path)?;
                self.take_below(&path)?;
            } else {
                self.take_file(&path)?;
            }
        }
        Ok(())
    }

    fn take_file(&mut self, path: &Path) -> io::Result<()> {
        let Some(extension) = path.extension().and_then(|extension| extension.to_str()) else { return Ok(()) };
        let bytes = fs::read(path)?;
        if !["msgpack", "safetensors", "npz", "npy"].contains(&extension) {
            return Ok(());
        }
        if extension == "npz" {
            // The arrays of an archive that are stored as they are.
            for (number, (begin, _)) in bytes.windows(6).enumerate().filter(|(_, at)| at == b"\x93NUMPY").enumerate() {
                let rest = &bytes[begin..];
                let end = rest.windows(3).position(|window| window == b"PK\x03" || window == b"PK\x01");
                self.write("npy", &path.with_extension(number.to_string()), &rest[..end.unwrap_or(rest.len())])?;
            }
        }
        self.write(extension, path, &bytes)
    }

    /// A directory with a file that only Orbax writes, in it or two levels below: an item, a step, or a root with steps.
    fn take_folder(&mut self, path: &Path) -> io::Result<()> {
        let mut files = Vec::new();
        collect(path, "", &mut files)?;
        files.sort();
        let has = |wanted: &str| {
            let ends = |name: &str| name.rsplit('/').next() == Some(wanted) && name.split('/').count() <= 3;
            files.iter().any(|(name, _)| ends(name))
        };
        if has("manifest.ocdbt") {
            self.write("ocdbt", path, &pack(&files))?;
        }
        if has("_METADATA") || has("_CHECKPOINT_METADATA") || has("manifest.ocdbt") || has("checkpoint") {
            self.write("orbax", path, &pack(&files))?;
        }
        Ok(())
    }

    fn write(&mut self, target: &str, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() > MOST_BYTES {
            return Ok(());
        }
        let parts: Vec<_> = path.iter().rev().take(3).map(|part| part.to_string_lossy()).collect();
        let folder = self.corpus.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(parts.join("-")), bytes)?;
        self.count += 1;
        Ok(())
    }
}

fn collect(path: &Path, front: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = format!("{front}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, fs::read(entry.path())?));
        }
    }
    Ok(())
}
