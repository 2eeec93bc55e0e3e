//! Whether a JPEG is complete. The decoder fills a missing lower half with grey instead of failing.

/// Marker of the end of the picture.
const END: [u8; 2] = [0xff, 0xd9];
/// Second byte of the marker before the picture's data.
const SCAN: u8 = 0xda;

/// Whether the end mark follows the picture's data. Marks inside the segments before it belong to
/// embedded previews and don't count.
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    picture_data(bytes).is_some_and(|data| data.windows(2).any(|pair| pair == END))
}

/// What follows the header of the first scan.
fn picture_data(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let (&[first, kind], after) = rest.split_first_chunk::<2>()?;
        if first != 0xff {
            return None;
        }
        // Any number of fill bytes may stand before a marker.
        if kind == 0xff {
            rest = rest.get(1..)?;
            continue;
        }
        if kind == SCAN {
            return Some(after);
        }
        let (&length, _) = after.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_be_bytes(length))..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_inside_a_segment_is_not_the_end() {
        let preview = [0xff, 0xe1, 0x00, 0x04, 0xff, 0xd9];
        let scan = [0xff, 0xda, 0x00, 0x02, 0x12, 0x34];
        let cut = [&[0xff, 0xd8][..], &preview, &scan].concat();
        assert!(!is_complete(&cut));
        assert!(is_complete(&[&cut[..], &END].concat()));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_answered(bytes: Vec<u8>) {
            let with_start = [&[0xff, 0xd8][..], &bytes].concat();
            is_complete(&bytes);
            is_complete(&with_start);
        }
    }
}
