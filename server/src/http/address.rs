//! Where a request comes from: what the connection says, or what a trusted proxy says of it.

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use std::net::IpAddr;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How many proxies may stand in front of the server.
const MAX_HOPS: usize = 16;

/// The address of the client: walking back from the connection, the first that is no trusted proxy.
///
/// Whatever stands further left in `X-Forwarded-For` was written by the client and may be anything.
pub(crate) fn of_client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer.to_canonical();
    if trusted.is_empty() {
        return address;
    }
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops.take(MAX_HOPS) {
        if !is_trusted(&address) {
            return address;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(before) => address = before.to_canonical(),
            Err(_) => return address,
        }
    }
    address
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted
            .split_whitespace()
            .map(|network| network.parse().unwrap())
            .collect();
        of_client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        assert_eq!(client("192.0.2.1", &["203.0.113.9"], ""), "192.0.2.1");
        assert_eq!(
            client("192.0.2.1", &["203.0.113.9"], "10.0.0.0/8"),
            "192.0.2.1"
        );
        assert_eq!(
            client("10.0.0.1", &["203.0.113.9"], "10.0.0.0/8"),
            "203.0.113.9"
        );
    }

    #[test]
    fn what_the_client_wrote_itself_does_not_count() {
        let forged = "1.1.1.1, 203.0.113.9, 10.0.0.2";
        assert_eq!(client("10.0.0.1", &[forged], "10.0.0.0/8"), "203.0.113.9");
        assert_eq!(
            client("10.0.0.1", &["1.1.1.1", "203.0.113.9"], "10.0.0.0/8"),
            "203.0.113.9"
        );
        assert_eq!(client("10.0.0.1", &["rubbish"], "10.0.0.0/8"), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[], "10.0.0.0/8"), "10.0.0.1");
        assert_eq!(
            client("::ffff:10.0.0.1", &["203.0.113.9"], "10.0.0.0/8"),
            "203.0.113.9"
        );
    }

    proptest::proptest! {
        /// Nobody but a trusted proxy says where a request comes from, whatever else it says.
        #[test]
        fn any_header_leads_to_an_address_that_was_told_by_who_may(
            lines in proptest::collection::vec("(10\\.0\\.0\\.[1-9]|203\\.0\\.113\\.[1-9]|::ffff:10\\.0\\.0\\.1|2001:db8::1|[\\x20-\\x7e]{0,20})(, ?(10\\.0\\.0\\.[1-9]|[0-9.:, a-f]{0,30})){0,20}", 0..4),
            peer in "(10\\.0\\.0\\.[1-9]|198\\.51\\.100\\.[1-9])",
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let found = client(&peer, &lines, "10.0.0.0/8");
            if !peer.starts_with("10.") {
                proptest::prop_assert_eq!(found, peer);
            } else if found != peer {
                let told = lines.iter().flat_map(|line| line.split(','));
                let told = told.filter_map(|hop| hop.trim().parse::<IpAddr>().ok());
                proptest::prop_assert!(told.map(|ip| ip.to_canonical().to_string()).any(|ip| ip == found));
            }
        }
    }
}
