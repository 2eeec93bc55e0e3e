//! Files of JSON, one value a line: written and read one by one, however many there are.

use crate::{
    Error,
    error::{altered, of_file},
    folder::{Draft, Folder},
    meter::{Meter, Sum},
};
use serde::{Serialize, de::DeserializeOwned};
use std::{marker::PhantomData, path::PathBuf};
use tokio::{
    fs::File,
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
};

/// How long a line may be.
const MAX_BYTES: u64 = 8 * 1024;

/// Values that are read one by one.
pub(crate) struct Lines<T> {
    path: PathBuf,
    reader: BufReader<File>,
    meter: Meter,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Lines<T> {
    pub(crate) async fn open(folder: &Folder, path: PathBuf) -> Result<Self, Error> {
        let (file, _) = folder.open(&path).await?;
        Ok(Self {
            path,
            reader: BufReader::new(file),
            meter: Meter::default(),
            of: PhantomData,
        })
    }

    /// The next; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<T>, Error> {
        let mut line = Vec::new();
        (&mut self.reader)
            .take(MAX_BYTES)
            .read_until(b'\n', &mut line)
            .await
            .map_err(of_file(&self.path, "read"))?;
        if line.is_empty() {
            return Ok(None);
        }
        self.meter.take(&line);
        if line.last() != Some(&b'\n') {
            return Err(altered(&self.path, "has a line that does not end."));
        }
        let value = serde_json::from_slice(&line);
        let value = value.map_err(|_| altered(&self.path, "has a line that can't be read."))?;
        Ok(Some(value))
    }

    /// What was read so far.
    pub(crate) fn sum(&self) -> Sum {
        self.meter.sum()
    }

    /// An error that names the file.
    pub(crate) fn altered(&self, what: &str) -> Error {
        altered(&self.path, what)
    }
}

/// Writes a value as a line.
pub(crate) async fn write(draft: &mut Draft, value: &impl Serialize) -> Result<(), Error> {
    let mut line = serde_json::to_vec(value)
        .map_err(std::io::Error::from)
        .map_err(of_file("a list".as_ref(), "written"))?;
    line.push(b'\n');
    draft.write(&line).await
}
