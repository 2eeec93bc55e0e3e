//! The whole permission matrix, as a table to be read in review.

use domain::{
    Caller, Kind, UserId, Who,
    policy::{Action, authorise},
};
use uuid::Uuid;

const MATRIX: &str = "\
action          anonymous  implicit  user  admin  system
ReadDocuments   -          yes       yes   yes    -
WriteDocuments  -          yes       yes   yes    -
ReadTopics      -          yes       yes   yes    -
WriteTopics     -          yes       yes   yes    -
ReadSettings    -          yes       yes   yes    -
WriteSettings   -          yes       yes   yes    -
WorkJobs        -          -         -     -      yes
";

fn callers() -> [(&'static str, Who); 5] {
    let user = |admin| Who::User {
        id: UserId(Uuid::from_u128(1)),
        admin,
    };
    [
        ("anonymous", Who::Anonymous),
        ("implicit", Who::Implicit),
        ("user", user(false)),
        ("admin", user(true)),
        ("system", Who::System),
    ]
}

fn line(cells: impl Iterator<Item = String>) -> String {
    const WIDTHS: [usize; 6] = [16, 11, 10, 6, 7, 7];
    let padded: String = cells
        .zip(WIDTHS)
        .map(|(cell, width)| format!("{cell:width$}"))
        .collect();
    format!("{}\n", padded.trim_end())
}

#[test]
fn the_matrix_is_as_reviewed() {
    let head =
        std::iter::once("action".to_owned()).chain(callers().map(|(name, _)| name.to_owned()));
    let mut matrix = line(head);
    for action in Action::ALL {
        let cells = callers().map(|(_, who)| {
            let caller = Caller {
                who,
                request_id: String::new(),
            };
            if authorise(&caller, action).is_ok() {
                "yes"
            } else {
                "-"
            }
            .to_owned()
        });
        matrix += &line(std::iter::once(format!("{action:?}")).chain(cells));
    }
    assert_eq!(matrix, MATRIX, "\n{matrix}");
}

#[test]
fn a_refusal_is_forbidden_and_says_so_in_a_sentence() {
    let caller = Caller {
        who: Who::Anonymous,
        request_id: String::new(),
    };
    for action in Action::ALL {
        let error = authorise(&caller, action).unwrap_err();
        assert_eq!((error.kind, error.code), (Kind::Forbidden, "forbidden"));
        assert!(error.detail.ends_with('.'));
    }
}

#[test]
fn only_a_person_with_an_account_owns_rows_by_id() {
    let [anonymous, implicit, user, admin, system] = callers().map(|(_, who)| {
        Caller {
            who,
            request_id: String::new(),
        }
        .owner()
    });
    assert_eq!([anonymous, implicit, system], [None, None, None]);
    assert_eq!([user, admin], [Some(UserId(Uuid::from_u128(1))); 2]);
}
