//! Uploads in parts that came to no end.

use super::moment;
use crate::Error;
use s3::Bucket;
use time::OffsetDateTime;

/// How many are listed at once.
const PAGE: usize = 1_000;

/// Ends those that were begun before then. One that the store keeps stands in no other's way.
pub(super) async fn abort(bucket: &Bucket, before: OffsetDateTime) -> Result<usize, Error> {
    let (mut key, mut id) = (None, None);
    let mut aborted = 0;
    loop {
        let (page, _) = bucket
            .list_multiparts_uploads_page(None, None, key, id, Some(PAGE))
            .await?;
        for upload in page.uploads {
            if moment(&upload.initiated) >= before {
                continue;
            }
            match bucket
                .abort_upload(&upload.key, &upload.id)
                .await
                .map_err(Error::from)
            {
                Ok(()) | Err(Error::NotFound) => aborted += 1,
                Err(Error::Refused(error)) => {
                    tracing::warn!(%error, key = upload.key, "the store keeps the parts of an upload that should go");
                }
                Err(error) => return Err(error),
            }
        }
        if !page.is_truncated || page.next_marker.is_none() {
            return Ok(aborted);
        }
        (key, id) = (page.next_marker, page.next_upload_id_marker);
    }
}
