//! The port on which metrics are shown: its own, so that it is never the one people reach.

use crate::metrics;
use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use thiserror::Error as ThisError;
use tokio::net::{TcpListener, TcpStream};

/// How long a client may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Metrics can't be shown.
#[derive(Debug, ThisError)]
pub enum MetricsFailed {
    /// The address can't be listened on.
    #[error("{0} can't be listened on for metrics")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// Something in this process counts already.
    #[error("metrics can't be counted")]
    Count(#[from] BuildError),
}

/// The metrics of this process, counted from now on.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Begins to count. Once per process.
    ///
    /// # Errors
    /// `Count` the second time.
    pub fn count(binary: &'static str) -> Result<Self, MetricsFailed> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(
                Matcher::Full(metrics::REQUESTS.to_owned()),
                &metrics::REQUEST_BUCKETS,
            )?
            .set_buckets_for_metric(
                Matcher::Full(metrics::STAGES.to_owned()),
                &metrics::STAGE_BUCKETS,
            )?
            .install_recorder()?;
        metrics::describe();
        metrics::build_info(binary);
        Ok(Self { handle })
    }

    /// Shows them at `/metrics` on that address, for as long as the process runs. `refresh` is done
    /// before each answer: for what is looked up rather than counted.
    ///
    /// # Errors
    /// `Listen`.
    pub async fn show<R, F>(self, at: SocketAddr, refresh: R) -> Result<(), MetricsFailed>
    where
        R: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(at)
            .await
            .map_err(|error| MetricsFailed::Listen(at, error))?;
        tracing::info!(address = %at, "metrics are at http://{at}/metrics");
        let refresh = Arc::new(refresh);
        tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        tokio::spawn(converse(stream, self.clone(), Arc::clone(&refresh)));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a connection for metrics could not be taken");
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                }
            }
        });
        Ok(())
    }

    /// As Prometheus reads them.
    fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}

async fn converse<R, F>(stream: TcpStream, metrics: Metrics, refresh: Arc<R>)
where
    R: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let answer = service_fn(move |request: Request<Incoming>| {
        let (metrics, refresh) = (metrics.clone(), Arc::clone(&refresh));
        async move {
            let known = request.method() == Method::GET && request.uri().path() == "/metrics";
            if known {
                refresh().await;
            }
            Ok::<_, Infallible>(if known {
                shown(metrics.render())
            } else {
                nothing()
            })
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), answer)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection for metrics broke off");
    }
}

fn shown(text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(FORMAT));
    response
}

fn nothing() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(b"Metrics are at /metrics.\n")));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
