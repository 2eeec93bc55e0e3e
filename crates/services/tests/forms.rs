//! Whatever somebody sends as a form, reading it ends: in its parts, or in an error.
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use futures::stream;
use proptest::prelude::*;
use services::upload_form;
use std::convert::Infallible;

/// Reads a form that arrives in these pieces; gives how many parts it had before its end or an error.
async fn parts_of(pieces: Vec<Vec<u8>>) -> usize {
    let body = stream::iter(
        pieces
            .into_iter()
            .map(|piece| Ok::<_, Infallible>(Bytes::from(piece))),
    );
    let mut form = upload_form(body, "cut");
    let mut parts = 0;
    while let Ok(Some(mut field)) = form.next_field().await {
        parts += 1;
        let _name = (field.name().map(str::len), field.file_name().map(str::len));
        while let Ok(Some(_piece)) = field.chunk().await {}
    }
    parts
}

fn read(pieces: Vec<Vec<u8>>) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(parts_of(pieces))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn any_bytes_end(pieces in prop::collection::vec(any::<Vec<u8>>(), 0..8)) {
        read(pieces);
    }

    #[test]
    fn any_pieces_of_a_form_end(pieces in prop::collection::vec(prop::sample::select(vec![
        "--cut", "--cut--", "\r\n", "--", "Content-Disposition: form-data", "; name=\"file\"", "; filename=\"a\"", "; filename*=utf-8''%ff",
        "Content-Type: text/plain", ":", "\0", "words", "\n", "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n",
    ]), 0..40)) {
        let count = pieces.len();
        prop_assert!(read(pieces.into_iter().map(|piece| piece.as_bytes().to_vec()).collect()) <= count);
    }
}
