//! TIFF, which may have many pages: read one after the other, until the time for pages is over.

use super::ocr::{self, Recognised};
use super::{Content, Job, Picture, image};
use crate::Failure;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Pages that are counted. No scanner makes as many.
const MAX_COUNTED: u32 = 100_000;
/// A file of which this many pages in a row can't be read is given up.
const MAX_FAILURES: u32 = 3;

/// The first page is decoded here for the limits, for damage and for the picture of it; tesseract reads
/// the text of each.
pub(super) fn read(job: &Job) -> Result<Content, Failure> {
    let small = image::first_picture(job)?;
    let file = File::open(&job.request.path)
        .map_err(|e| Failure::transient(format!("the file could not be read: {e}")))?;
    let page_count = count(BufReader::new(file)).map_err(|_| Failure::permanent(image::DAMAGED))?;
    let kept = page_count.min(job.request.max_pages);
    let scans = read_pages(job, kept)?;
    let read = u32::try_from(scans.pages.len()).unwrap_or(u32::MAX);
    let not_begun = if scans.cut {
        0
    } else {
        kept.saturating_sub(read)
    };
    let mut pages = scans.pages;
    pages.resize(usize::try_from(kept).unwrap_or(usize::MAX), String::new());
    Ok(Content {
        pages,
        page_count: Some(page_count),
        picture: Picture::Made(small),
        truncated: scans.cut || kept < page_count,
        unread: scans.unread.saturating_add(not_begun),
        ..Content::default()
    })
}

/// The pages as far as they were read.
struct Scans {
    pages: Vec<String>,
    unread: u32,
    cut: bool,
}

/// Reads the pages until the time is over. When there is nothing to show for it, this is a failure.
fn read_pages(job: &Job, kept: u32) -> Result<Scans, Failure> {
    let mut scans = Scans {
        pages: Vec::new(),
        unread: 0,
        cut: false,
    };
    let (mut room, mut failures_in_a_row) = (job.request.output_bytes, 0);
    let mut reason = None;
    for number in 0..kept {
        if job.is_late() || failures_in_a_row >= MAX_FAILURES {
            break;
        }
        match read_page(job, number, kept)? {
            Ok(found) => {
                failures_in_a_row = 0;
                scans.cut |= found.cut;
                room = room.saturating_sub(found.text.len() as u64);
                scans.pages.push(found.text);
            }
            Err(failure) => {
                failures_in_a_row += 1;
                scans.unread += 1;
                scans.pages.push(String::new());
                reason.get_or_insert(failure);
            }
        }
        if room == 0 {
            scans.cut = true;
            break;
        }
    }
    let nothing = scans.unread as usize == scans.pages.len();
    match reason {
        _ if !nothing => Ok(scans),
        Some(failure) => Err(failure),
        None => Err(Failure::too_slow()),
    }
}

fn read_page(job: &Job, number: u32, of: u32) -> Result<Result<Recognised, Failure>, Failure> {
    // A single page costs no other page its time.
    let until = match of {
        1 => job.last_call(),
        _ => job.page_limit(),
    };
    let found = ocr::recognise_page(job, until, number)?;
    // Tesseract ends well even where it can't open the page: then it does not announce it, or, of the
    // first one, complains.
    Ok(found.and_then(|found| match found.is_there(number) {
        true => Ok(found),
        false => Err(Failure::permanent(image::DAMAGED)),
    }))
}

/// How many pages there are: each has a directory, which says where the next one is.
///
/// # Errors
/// When the chain of directories leaves the file or bites its own tail.
fn count(mut file: impl Read + Seek) -> io::Result<u32> {
    let broken = || io::Error::from(io::ErrorKind::InvalidData);
    let numbers = Numbers::of(&mut file)?;
    let mut seen = HashSet::new();
    let mut next = numbers.first(&mut file)?;
    while next != 0 {
        if !seen.insert(next) {
            return Err(broken());
        }
        if seen.len() as u64 >= u64::from(MAX_COUNTED) {
            break;
        }
        file.seek(SeekFrom::Start(next))?;
        let entries = numbers.entries(&mut file)?;
        let after = entries
            .checked_mul(numbers.entry_bytes())
            .and_then(|bytes| i64::try_from(bytes).ok())
            .ok_or_else(broken)?;
        file.seek(SeekFrom::Current(after))?;
        next = numbers.offset(&mut file)?;
    }
    u32::try_from(seen.len())
        .ok()
        .filter(|pages| *pages > 0)
        .ok_or_else(broken)
}

/// How a file writes numbers.
#[derive(Clone, Copy)]
struct Numbers {
    big_end_first: bool,
    /// BigTIFF: offsets of 64 bits.
    wide: bool,
}

impl Numbers {
    fn of(file: &mut impl Read) -> io::Result<Self> {
        let mut mark = [0; 4];
        file.read_exact(&mut mark)?;
        let (big_end_first, wide) = match &mark {
            b"II*\0" => (false, false),
            b"MM\0*" => (true, false),
            b"II+\0" => (false, true),
            b"MM\0+" => (true, true),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        };
        Ok(Self {
            big_end_first,
            wide,
        })
    }

    /// Where the first directory is.
    fn first(self, file: &mut impl Read) -> io::Result<u64> {
        if self.wide {
            // The size of offsets, which is always the same.
            self.number::<4>(file)?;
        }
        self.offset(file)
    }

    fn offset(self, file: &mut impl Read) -> io::Result<u64> {
        match self.wide {
            true => self.number::<8>(file),
            false => self.number::<4>(file),
        }
    }

    fn entries(self, file: &mut impl Read) -> io::Result<u64> {
        match self.wide {
            true => self.number::<8>(file),
            false => self.number::<2>(file),
        }
    }

    fn entry_bytes(self) -> u64 {
        if self.wide { 20 } else { 12 }
    }

    fn number<const BYTES: usize>(self, file: &mut impl Read) -> io::Result<u64> {
        let mut bytes = [0; BYTES];
        file.read_exact(&mut bytes)?;
        if !self.big_end_first {
            bytes.reverse();
        }
        Ok(bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// Directories of one entry each, one after the other.
    fn chain(big_end_first: bool, wide: bool, pages: u64) -> Vec<u8> {
        let number = |value: u64, bytes: usize| {
            let mut all = value.to_be_bytes()[8 - bytes..].to_vec();
            if !big_end_first {
                all.reverse();
            }
            all
        };
        let (offset, entries, head) = if wide { (8, 8, 16) } else { (4, 2, 8) };
        let entry = if wide { 20 } else { 12 };
        let mut out = if big_end_first {
            b"MM".to_vec()
        } else {
            b"II".to_vec()
        };
        out.extend(number(if wide { 43 } else { 42 }, 2));
        if wide {
            out.extend(number(8, 2));
            out.extend(number(0, 2));
        }
        out.extend(number(head, offset));
        let size = entries + entry + offset;
        for page in 1..=pages {
            out.extend(number(1, entries));
            out.extend(vec![7; entry]);
            let next = if page < pages {
                head + page * size as u64
            } else {
                0
            };
            out.extend(number(next, offset));
        }
        out
    }

    #[test]
    fn pages_are_counted_however_numbers_are_written() {
        for (big_end_first, wide) in [(false, false), (true, false), (false, true), (true, true)] {
            for pages in [1, 2, 300] {
                let bytes = chain(big_end_first, wide, pages);
                let counted = count(Cursor::new(&bytes)).expect("a whole chain");
                assert_eq!(u64::from(counted), pages);
                let cut = bytes.get(..bytes.len() - 1).expect("a beginning");
                assert!(count(Cursor::new(cut)).is_err(), "its end is missing");
            }
        }
    }

    #[test]
    fn a_chain_that_comes_back_to_itself_is_broken() {
        let mut bytes = chain(false, false, 1);
        let link = bytes.len() - 4;
        bytes[link] = 8;
        assert!(count(Cursor::new(bytes)).is_err());
        assert!(
            count(Cursor::new(b"II*\0\0\0\0\0")).is_err(),
            "no page at all"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_end(mark in prop::sample::select(vec!["II*\0", "MM\0*", "II+\0", "MM\0+"]), bytes: Vec<u8>) {
            let _either = count(Cursor::new([mark.as_bytes(), &bytes].concat()));
        }

        /// Few places to go to, so that chains lead somewhere.
        #[test]
        fn any_chain_ends(links in prop::collection::vec((0..4_u32, 0..12_u32), 1..12)) {
            let mut bytes = b"II*\0\x08\0\0\0".to_vec();
            for (entries, place) in links {
                bytes.extend(u16::try_from(entries).unwrap_or(0).to_le_bytes());
                bytes.extend(vec![0; entries as usize * 12]);
                bytes.extend((place * 6 + 8).to_le_bytes());
            }
            if let Ok(pages) = count(Cursor::new(&bytes)) {
                prop_assert!(pages > 0 && pages as usize <= bytes.len() / 6);
            }
        }
    }
}
