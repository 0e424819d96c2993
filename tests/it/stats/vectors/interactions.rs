use serde_json::Value;
use tower_tracks::stats::{Interaction, Mean, Spread, Test, benjamini_hochberg, interaction};

use super::{
    Answer, Tally,
    answer::{Within, list, relative},
    count,
    means::mean,
    number,
    rates::limits,
};

pub(super) fn run(case: &Value, tally: &mut Tally) -> Result<(), String> {
    let (input, expected) = (&case["input"], &case["expect"]);
    let rows = input["cells"].as_array().ok_or("no cells")?;
    let row = |row: &Value| row.as_array().ok_or("no cells")?.iter().map(mean).collect();
    let cells: Vec<Vec<Mean>> = rows.iter().map(row).collect::<Result<_, String>>()?;
    let fixed = Test::fixed(number(&input["alpha"])?).map_err(|why| why.to_string())?;
    let tests = [fixed, fixed.tuned_for(count(&input["n_star"])?)];
    let mut p_values = Vec::new();
    for expected in expected["contrasts"].as_array().ok_or("no contrasts")? {
        let (a, b) = (
            count(&expected["a"])? as usize,
            count(&expected["b"])? as usize,
        );
        let four = [[cells[0][0], cells[0][b]], [cells[a][0], cells[a][b]]];
        let got = tests.map(|test| interaction(&four, &test).ok());
        p_values.push(got[0].map_or(1.0, |got| got.p));
        contrast(expected, got, &four, &tests[1], tally)?;
    }
    let adjusted: Vec<_> = benjamini_hochberg(&p_values)
        .into_iter()
        .map(Some)
        .collect();
    list(&expected["fixed_q"], &adjusted, relative(1e-7), tally)
}

fn contrast(
    expected: &Value,
    [fixed, always_valid]: [Option<Interaction>; 2],
    cells: &[[Mean; 2]; 2],
    test: &Test,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut answer = Answer::new(expected, tally);
    let within = relative(1e-9);
    answer.seen(&["a", "b"]);
    match fixed {
        Some(got) => answer.number("estimate", Some(got.contrast.value), within)?,
        // Without a standard error there is no contrast to show either.
        None => answer.not_offered(&["estimate"]),
    }
    let units = cells.as_flattened().iter().map(|cell| cell.units);
    if units.clone().all(|units| units == cells[0][0].units) {
        answer.seen(&["rule"]);
    } else {
        let rule = fixed.map_or("none", |got| match got.spread {
            Spread::PerTrack => "welch",
            _ => "pooled",
        });
        answer.word("rule", rule)?;
    }
    answer.not_offered(&["welch_se", "pooled_se"]);
    answer.number("se", fixed.map(|got| got.standard_error), within)?;
    answer.number("z", fixed.map(|got| got.z), within)?;
    judged(answer.inner("fixed"), fixed, None)?;
    judged(answer.inner("always_valid"), always_valid, Some(test))?;
    answer.finish()
}

fn judged(
    answer: Option<Answer<'_>>,
    got: Option<Interaction>,
    always_valid: Option<&Test>,
) -> Result<(), String> {
    let (mut answer, got) = match (answer, got) {
        (None, None) => return Ok(()),
        (Some(answer), Some(got)) => (answer, got),
        (_, got) => return Err(format!("{got:?}, and not that")),
    };
    answer.number("df", got.degrees_of_freedom, relative(1e-9))?;
    answer.number("critical", Some(got.multiplier), relative(1e-9))?;
    answer.number("multiplier", Some(got.multiplier), relative(1e-12))?;
    let evidence = always_valid.and_then(|test| test.ln_e(got.z, got.units));
    let within = Within {
        relative: 1e-8,
        absolute: 1e-10,
    };
    answer.number("ln_e", evidence, within)?;
    answer.p(Some(got.p), 1e-7)?;
    answer.interval("ci", Some(limits(got.contrast.interval)), 1e-9)?;
    answer.finish()
}
