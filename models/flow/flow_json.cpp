// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/json/json_tape.h"
#include "models/flow/flow_report.h"

namespace weir {
namespace {

void append_member(const char* name, std::int64_t number, std::string& out) {
    out += std::string(",\"") + name + "\":" + std::to_string(number);
}

/// Null: nothing behind the stage is observed.
void append_known(const char* name, bool known, std::int64_t number, std::string& out) {
    out += std::string(",\"") + name + "\":" + (known ? std::to_string(number) : "null");
}

template <class Pairs>
void append_object(const char* name, const Pairs& pairs, std::string& out) {
    out += std::string(",\"") + name + "\":{";
    bool first = true;
    for (const auto& [key, number] : pairs) {
        out += first ? "" : ",";
        first = false;
        append_json_string(key, out);
        out += ":" + std::to_string(number);
    }
    out += '}';
}

void append_row(const FlowReport& report, const FlowRow& row, const StageSpec& stage,
                std::string& out) {
    const FlowFigures& flow = row.figures;
    out += "{\"stage\":";
    append_json_string(row.name, out);
    if (report.question.by) {
        out += ",\"by\":{";
        append_json_string(report.dimension, out);
        out += ':';
        append_json_string(row.value, out);
        out += '}';
    }
    append_member("in", flow[FlowCount::In], out);
    append_known("out", row.judged, flow[FlowCount::Out], out);
    append_known("rejected", row.judged, flow[FlowCount::Rejected], out);
    out += ",\"filtered\":null";
    append_member("duplicate", flow.duplicate(), out);
    append_member("retried", flow[FlowCount::SameBytes], out);
    append_known("pending", row.judged, flow.pending, out);
    append_known("unaccounted", row.judged, flow.unaccounted, out);
    out += std::string(",\"estimate\":") + (row.estimate ? "true" : "false");
    out += std::string(",\"partial\":") + (report.question.partial ? "true" : "false");
    append_known("outside", row.judged, flow.outside, out);
    append_member("unjoinable", flow[FlowCount::Unjoinable], out);
    append_member("replayed", flow[FlowCount::Replayed], out);
    std::vector<std::pair<std::string, std::int64_t>> outputs;
    for (std::size_t i = 0; i < std::min(stage.outputs.size(), flow_outputs_max); ++i)
        outputs.emplace_back(stage.outputs[i], flow[output_count(i)]);
    append_object("outputs", outputs, out);
    append_object("reasons", row.reasons, out);
    append_object("duplicates",
                  std::vector<std::pair<std::string, std::int64_t>>{
                      {"same_bytes", flow[FlowCount::SameBytes]},
                      {"other_content", flow[FlowCount::OtherContent]}},
                  out);
    append_member("unaccounted_error", row.error(flow.unaccounted), out);
    append_known("unaccounted_since_us", flow.unaccounted > 0, flow.unaccounted_since_us, out);
    out += '}';
}

} // namespace

std::string to_json(const FlowReport& report, const FlowOptions& options) {
    std::string out = "{\"stages\":[";
    for (const FlowRow& row : report.rows) {
        out += &row == &report.rows.front() ? "" : ",";
        append_row(report, row, options.stages[row.stage], out);
    }
    out += "],\"places\":[";
    for (const FlowPlace& place : report.places) {
        out += &place == &report.places.front() ? "{\"place\":" : ",{\"place\":";
        append_json_string(place.name, out);
        append_member("events", place.events, out);
        append_member("failed", place.failed, out);
        append_known("read_to_us", place.read_to && place.read_to->value() >= 0,
                     place.read_to.value_or(Micros(0)).value(), out);
        const bool since_known = place.since && place.since->value() != INT64_MIN;
        append_known("read_since_us", since_known, place.since.value_or(Micros(0)).value(), out);
        out += std::string(",\"from_beginning\":") +
               (place.since && !since_known ? "true" : "false") + "}";
    }
    return out + "],\"sampled\":" + std::to_string(report.sampled) +
           ",\"left_out\":" + std::to_string(report.let_go) + "}";
}

} // namespace weir
