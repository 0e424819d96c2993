//! Lines as servers write them. Those of nginx, HAProxy, Apache and Caddy are also written by these
//! servers themselves, in the tests of proxies; those of Envoy and Traefik are made by hand after
//! their documentation.

use tower_tracks::{
    SimpleTrackSet,
    files::{AccessLog, Import, Imported},
    store::{Memory, Store},
};

use super::{check_bad, twice};

const UNIT: &str = "eb663c7832d3a67138ebe4e1429c492a";

/// 2026-03-11T09:26:53.042Z.
const AT: i64 = 1_773_221_213_042_000;

/// The header of a request that read both sets.
fn header() -> String {
    format!("delay=\"2s\";unit=\"{UNIT}\", pricing=cheap;unit=\"{UNIT}\"")
}

fn import(format: &AccessLog, lines: &[String]) -> (Memory, Imported) {
    let delay = SimpleTrackSet::new("delay").track("2s", 2000);
    let pricing = SimpleTrackSet::new("pricing").track("cheap", 1);
    let [delay, pricing] = [delay, pricing].map(|set| set.build().unwrap());
    let (store, text) = (Memory::default(), lines.join("\n"));
    let imported = twice(&store, || {
        let import = Import::access_log(text.as_bytes(), format.clone());
        import.sets(delay.sets()).sets(pricing.sets())
    });
    (store, imported)
}

/// A line with the header has both exposures at its time, and one without has none.
#[track_caller]
fn check(format: &AccessLog, with: &str, without: &str, at: i64) {
    let (store, imported) = import(format, &[with.to_owned(), without.to_owned()]);
    check_bad(&imported, &[]);
    assert_eq!(imported.without_header, 1, "{imported}");
    let history = store.history(UNIT.parse().unwrap()).unwrap();
    let exposures = history.exposures.iter();
    let exposures: Vec<_> = exposures
        .map(|(at, track, _)| (at.as_micros(), track.to_string()))
        .collect();
    let expected = ["delay/2s", "pricing/cheap"].map(|track| (at, track.to_owned()));
    assert_eq!(exposures, expected, "{with}");
}

/// Checks a format of which a line is made of the text of the header, and an absent one.
#[track_caller]
fn check_text(format: &AccessLog, line: &str, header: &str, absent: &str, at: i64) {
    let [with, without] = [header, absent].map(|text| line.replace("HEADER", text));
    check(format, &with, &without, at);
}

#[test]
fn envoy_writes_text_without_escapes() {
    let line = r#"[2026-03-11T09:26:53.042Z] "GET /?a="b" HTTP/2" 200 - 154 0 226 100 "10.0.35.28" "x" "y="z" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "shop" "10.0.2.1:80" "HEADER""#;
    check_text(&AccessLog::combined(), line, &header(), "-", AT);
}

#[test]
fn envoy_writes_json() {
    let line =
        r#"{"start_time":"2026-03-11T09:26:53.042Z","response_code":200,"tracks_exposure":HEADER}"#;
    let header = serde_json::to_string(&header()).unwrap();
    let format = AccessLog::json().time("start_time");
    for absent in ["null", "\"-\""] {
        check_text(&format, line, &header, absent, AT);
    }
}

#[test]
fn traefik_writes_json_without_the_field_where_there_is_no_header() {
    let line = r#"{"ClientHost":"10.0.0.1","DownstreamStatus":200,HEADER"RequestPath":"/","StartLocal":"2026-03-11T10:26:53.042999731+01:00","StartUTC":"2026-03-11T09:26:53.042999731Z","level":"info","msg":"","time":"2026-03-11T09:26:54Z"}"#;
    let header = serde_json::to_string(&header()).unwrap();
    let format = AccessLog::json().time("StartUTC");
    for name in ["origin_Tracks-Exposure", "downstream_Tracks-Exposure"] {
        let field = format!("{name:?}:{header},");
        check_text(&format.clone().header(name), line, &field, "", AT + 999);
    }
}

#[test]
fn caddy_writes_lists_in_a_nested_object() {
    let line = r#"{"level":"info","ts":1773221213.042,"msg":"handled request","request":{"method":"GET","headers":{"Tracks-Exposure":["delay=control"]}},"status":200,"resp_headers":{HEADER"Content-Length":["2"]}}"#;
    let format = AccessLog::json()
        .header("resp_headers.tracks-exposure")
        .time("ts");
    let whole = header();
    let (delay, pricing) = whole.split_once(", ").unwrap();
    for lines in [&[&*whole][..], &[delay, pricing]] {
        let list = serde_json::to_string(lines).unwrap();
        let field = format!("\"Tracks-Exposure\":{list},");
        check_text(&format, line, &field, "", AT);
    }
}

#[test]
fn haproxy_writes_captured_headers_in_braces() {
    let line = "127.0.0.1:44798 [11/Mar/2026:10:26:53.042] a s/s1 0/0/0/1/1 200 236 - - ---- 1/1/0/0/0 0/0 {x#22 #7Bde#7Clay=a#7D} {2|HEADER} \"GET / HTTP/1.1\"";
    let format = AccessLog::haproxy().capture(2).utc_offset(60);
    let escaped = header().replace('"', "#22");
    check_text(&format, line, &escaped, "", AT);
}

#[test]
fn haproxy_writes_a_log_format_without_escapes() {
    let line = r#"127.0.0.1 - - [1773221213.042] "GET /" 200 236 "HEADER""#;
    for absent in ["-", ""] {
        check_text(&AccessLog::combined(), line, &header(), absent, AT);
    }
}

#[test]
fn apache_writes_fractions_and_numbers() {
    let escaped = header().replace('"', r#"\""#);
    for time in [
        "11/Mar/2026:09:26:53.042 +0000",
        "11/Mar/2026:09:26:53.042000 +0000",
        "1773221213.042",
        "1773221213042",
        "1773221213042000",
        "1773221213042000000",
    ] {
        let line =
            format!(r#"127.0.0.1 - - [{time}] "GET / HTTP/1.1" 200 2 "-" "x\" [1] \"" "HEADER""#);
        check_text(&AccessLog::combined(), &line, &escaped, "-", AT);
    }
}

/// Each kind of fault is counted by itself, and none as a line without the header.
#[test]
fn malformed_headers_and_invalid_names_are_counted() {
    let line = |header: &str| format!(r#"a - - [1773221213.042] "GET /" 200 236 "{header}""#);
    let lines = [
        line("-"),
        line(""),
        line(&header()),
        line(&header()[..40]),
        line("delay=\"2s\";unit=\"x\""),
        line("delay=\"2s\" "),
        line("delay=\"2s\";unit=\"\""),
        line("\""),
        line(&format!("delay=\"2 s\";unit=\"{UNIT}\"")),
        line(&format!("delay=2;unit=\"{UNIT}\"")),
        line(&format!("delay=\"3s\";unit=\"{UNIT}\"")),
        "delay=\"2s\" without quotes around it".to_owned(),
    ];
    let (_, imported) = import(&AccessLog::combined(), &lines);
    let counts = [
        imported.without_header,
        imported.malformed_header,
        imported.invalid_name,
        imported.unknown_track,
    ];
    assert_eq!((counts, imported.bad), ([2, 5, 2, 1], 8), "{imported}");
    assert_eq!(imported.without_unit, 1);
    let text = imported.to_string();
    let expected = "8 bad lines (5 with a malformed header, 2 with a name that is not allowed, 1 \
                    with an unknown track)";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("2 lines without the header"), "{text}");
}

#[test]
fn a_time_without_a_zone_is_bad_unless_its_offset_is_given() {
    let line =
        format!("a [11/Mar/2026:10:26:53.042] {{delay=control;unit=#22{UNIT}#22}} \"GET /\"");
    let lines = [line];
    let (_, imported) = import(&AccessLog::haproxy(), &lines);
    check_bad(&imported, &[(1, "its time has no time zone")]);
    assert_eq!((imported.malformed_header, imported.without_header), (0, 0));
    let (_, imported) = import(&AccessLog::haproxy().utc_offset(60), &lines);
    assert_eq!((imported.bad, imported.written.exposures.new), (0, 1));
}
