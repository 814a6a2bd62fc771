// The careless collector in Rust: toy.py tells what it does.
use std::fs::{read_dir, remove_file, File};
use std::io::{stdin, stdout, BufRead, Read, Write};

fn say(what: &str) {
    let mut out = stdout().lock();
    out.write_all(format!("{what}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn entries(path: &str) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in read_dir(path)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Whether a text is one whole value, as far as its brackets and quotes say.
fn whole(text: &str) -> bool {
    let (mut depth, mut inside, mut escaped) = (0, false, false);
    for one in text.chars() {
        if escaped {
            escaped = false;
        } else if inside && one == '\\' {
            escaped = true;
        } else if one == '"' {
            inside = !inside;
        } else if !inside && "{[".contains(one) {
            depth += 1;
        } else if !inside && "}]".contains(one) {
            depth -= 1;
        }
    }
    depth == 0 && !inside && text.starts_with(['{', '['])
}

/// The JSON strings behind every "Message", as they stand.
fn messages(text: &str) -> Vec<String> {
    text.split("\"Message\"")
        .skip(1)
        .map(|rest| {
            let begin = rest.find('"').unwrap_or(0);
            let (mut end, mut escaped) = (begin + 1, false);
            for (at, one) in rest[begin + 1..].char_indices() {
                end = begin + 1 + at;
                if !escaped && one == '"' {
                    break;
                }
                escaped = !escaped && one == '\\';
            }
            rest[begin..=end].to_string()
        })
        .collect()
}

fn extension(handler: &str, events: &str) -> Option<()> {
    for name in entries(events).ok()? {
        let path = format!("{events}/{name}");
        let mut data = String::new();
        File::open(&path).ok()?.read_to_string(&mut data).ok()?;
        if !whole(&data) {
            return None;
        }
        remove_file(&path).ok()?;
        for (index, message) in messages(&data).iter().enumerate() {
            say(&format!(
                "{{\"type\":\"event\",\"key\":[\"{handler}\",\"{name}\",{index}],\"eventId\":1,\"providerId\":\"toy\",\
                 \"file_type\":\"json\",\"parameters\":[{{\"name\":\"Message\",\"value\":{message}}}]}}"
            ));
        }
    }
    Some(())
}

fn collect(log_dir: &str) -> Option<()> {
    for handler in entries(log_dir).ok()? {
        extension(&handler, &format!("{log_dir}/{handler}/events"))?;
    }
    Some(())
}

fn main() {
    let mut log_dir = String::new();
    for line in stdin().lock().lines() {
        let line = line.unwrap();
        if line.contains("\"type\":\"hello\"") {
            say("{\"type\":\"hello\",\"protocol\":1,\"capabilities\":{\"settings\":[]}}");
        } else if line.contains("\"type\":\"start\"") {
            log_dir = line.split("\"log_dir\":\"").nth(1).unwrap().split('"').next().unwrap().to_string();
            say("{\"type\":\"started\"}");
        } else if line.contains("\"type\":\"collect\"") {
            collect(&log_dir);
            say("{\"type\":\"done\"}");
        } else {
            return;
        }
    }
}
