// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sandbox_stages.h"

#include "models/event/json/json_tape.h"
#include "models/sandbox/workers/pipeline.h"

namespace weir::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

void append_list(std::string_view name, const std::vector<std::string>& words, std::string& out) {
    out.append(",\"").append(name).append("\":[");
    for (const std::string& word : words) {
        out += out.back() == '[' ? "" : ",";
        append_json_string(word, out);
    }
    out += "]";
}

std::string json_of(const sandbox::StageInfo& info, const sandbox::StageEntry& entry) {
    const sandbox::WorkerOptions options;
    std::string out = "{\"stage\":";
    append_json_string(info.name, out);
    out += ",\"purpose\":";
    append_json_string(info.purpose, out);
    append_list("inputs", info.inputs, out);
    append_list("outputs", info.outputs, out);
    out += ",\"state\":";
    if (info.state_topic.empty())
        out += "null";
    else
        append_json_string(info.state_topic, out);
    append_list("guarantees", info.guarantees, out);
    out += ",\"needs_warehouse\":" + std::string(entry.needs_warehouse ? "true" : "false");
    out += ",\"needs_remedies\":" + std::string(entry.needs_remedies ? "true" : "false");
    out += ",\"slo_p95_us\":" + std::to_string(info.slo_p95_us);
    out += ",\"retry_first_ms\":" + std::to_string(options.retry_first.count());
    out += ",\"retry_last_ms\":" + std::to_string(options.retry_last.count());
    return out + "}\n";
}

std::string text_of(const sandbox::StageInfo& info, const sandbox::StageEntry& entry) {
    std::string out = info.name + "\n  " + info.purpose + "\n  reads " + joined(info.inputs);
    const std::string writes = joined(info.outputs);
    out += writes.empty() ? "; writes the warehouse" : "; writes " + writes;
    if (!info.state_topic.empty())
        out += "; remembers in " + info.state_topic;
    out += entry.needs_warehouse  ? "; needs --warehouse\n"
           : entry.needs_remedies ? "; needs --remedies\n"
                                  : "\n";
    for (const std::string& guarantee : info.guarantees)
        out += "  - " + guarantee + "\n";
    return out + "  objective: 95 % within " + std::to_string(info.slo_p95_us / 1'000'000) + " s\n";
}

} // namespace

std::string described_stages(bool json) {
    std::string out;
    for (const sandbox::StageEntry& entry : sandbox::stage_entries()) {
        const auto stage = entry.make({});
        if (json)
            out += json_of(stage->info(), entry);
        else
            out += (out.empty() ? "" : "\n") + text_of(stage->info(), entry);
    }
    if (json)
        return out;
    const sandbox::WorkerOptions options;
    return out + "\nWhat fails is tried again for ever, from the last commit: after " +
           std::to_string(options.retry_first.count()) +
           " ms, then after twice as long each time, "
           "up to " +
           std::to_string(options.retry_last.count() / 1'000) +
           " s. A record that cannot be processed becomes a dead letter in " +
           options.dead_letter_topic + ", and its partition goes on.\n";
}

} // namespace weir::cli
