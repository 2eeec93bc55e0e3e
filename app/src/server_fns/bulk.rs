//! One act on several documents. Afterwards the browser goes back to the list, which says what was done
//! and, where that is possible, offers to undo it.

use crate::AppError;
use leptos::prelude::*;
use uuid::Uuid;

/// Deletes each of them and its bytes.
#[server(prefix = "/_fn", endpoint = "documents/delete_each")]
pub(crate) async fn delete_documents(
    #[server(default)] ids: Vec<Uuid>,
    back: Option<String>,
) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let ids: Vec<_> = ids.into_iter().map(Into::into).collect();
    let documents = services.documents();
    let acted = documents.delete_each(&caller, &ids).await.map_err(fail)?;
    go_to(&report(
        back.as_deref(),
        "deleted",
        acted.done,
        acted.left,
        None,
    ));
    Ok(())
}

/// Has them filed again.
#[server(prefix = "/_fn", endpoint = "documents/classify_each")]
pub(crate) async fn classify_documents(
    #[server(default)] ids: Vec<Uuid>,
    back: Option<String>,
) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let request = wire::ClassifyTogether {
        documents: ids,
        topics: None,
    };
    let batches = services.filing_batches();
    let batch = batches.classify(&caller, &request).await.map_err(fail)?;
    go_to(&of_batch(back.as_deref(), "classified", &batch));
    Ok(())
}

/// Puts them under these topics, besides those they have.
#[server(prefix = "/_fn", endpoint = "documents/add_topics_to_each")]
pub(crate) async fn add_topics_to_documents(
    #[server(default)] ids: Vec<Uuid>,
    #[server(default)] topics: Vec<String>,
    back: Option<String>,
) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let request = wire::FileTogether {
        documents: ids,
        add: topics,
        remove: Vec::new(),
    };
    let batches = services.filing_batches();
    let batch = batches.file(&caller, &request).await.map_err(fail)?;
    go_to(&of_batch(back.as_deref(), "added", &batch));
    Ok(())
}

/// Takes them off these topics.
#[server(prefix = "/_fn", endpoint = "documents/take_topics_off_each")]
pub(crate) async fn take_topics_off_documents(
    #[server(default)] ids: Vec<Uuid>,
    #[server(default)] topics: Vec<String>,
    back: Option<String>,
) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let request = wire::FileTogether {
        documents: ids,
        add: Vec::new(),
        remove: topics,
    };
    let batches = services.filing_batches();
    let batch = batches.file(&caller, &request).await.map_err(fail)?;
    go_to(&of_batch(back.as_deref(), "removed", &batch));
    Ok(())
}

/// Gives the documents of a batch back what they had before it.
#[server(prefix = "/_fn", endpoint = "documents/undo_batch")]
pub(crate) async fn undo_batch(id: Uuid, back: Option<String>) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let batches = services.filing_batches();
    let undone = batches
        .undo(&caller, domain::FilingBatchId(id))
        .await
        .map_err(fail)?;
    let count = undone.restored.len();
    go_to(&report(back.as_deref(), "undone", count, 0, None));
    Ok(())
}

/// As [`report`], of a batch.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
fn of_batch(back: Option<&str>, done: &str, batch: &wire::FilingBatch) -> String {
    let (count, left) = (batch.documents.len(), batch.left_out.len());
    report(back, done, count, left, Some(batch.id))
}

/// The address of the list that was acted on, with what came of it and by what it can be undone.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
fn report(
    back: Option<&str>,
    done: &str,
    count: usize,
    left: usize,
    batch: Option<Uuid>,
) -> String {
    let back = crate::sign_in::after_sign_in(back);
    let joint = if back.contains('?') { '&' } else { '?' };
    let batch = batch
        .map(|batch| format!("&batch={batch}"))
        .unwrap_or_default();
    format!("{back}{joint}done={done}&count={count}&left={left}{batch}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_keeps_the_filter_and_stays_here() {
        assert_eq!(
            report(Some("/documents?topic=a&page=2"), "deleted", 3, 1, None),
            "/documents?topic=a&page=2&done=deleted&count=3&left=1"
        );
        for elsewhere in [None, Some("https://evil.example"), Some("//evil.example")] {
            assert_eq!(
                report(elsewhere, "added", 1, 0, Some(Uuid::nil())),
                "/documents?done=added&count=1&left=0&batch=00000000-0000-0000-0000-000000000000"
            );
        }
    }
}
