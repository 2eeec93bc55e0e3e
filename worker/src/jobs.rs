//! From the queue to the use case: one job in, one verdict out.

use async_trait::async_trait;
use domain::{Caller, DocumentId, Job};
use extraction::Extractor;
use queue::{Handler, Verdict};
use services::{Processed, Services};

/// Hands jobs to the services, as the vault itself.
pub(crate) struct Jobs {
    pub(crate) services: Services,
    pub(crate) extractor: Extractor,
}

#[async_trait]
impl Handler for Jobs {
    async fn handle(&self, job: &Job) -> Verdict {
        let caller = Caller::system(job.id.to_string());
        tracing::info!(job = %job.id, document = %job.document_id, kind = job.kind.as_str(), attempt = job.attempts, "job {} begins", job.id);
        match self
            .services
            .processing(&self.extractor)
            .run(&caller, job)
            .await
        {
            Processed::Ended => Verdict::Ended,
            Processed::Retry(error) => Verdict::Retry { error },
            Processed::Postpone(error) => Verdict::Postpone { error },
            Processed::Lost => Verdict::Lost,
        }
    }

    async fn gave_up(&self, document: DocumentId) {
        self.services
            .processing(&self.extractor)
            .gave_up(document)
            .await;
    }
}
