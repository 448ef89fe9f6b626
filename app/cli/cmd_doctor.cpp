// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir doctor: what works on each connection, what does not, and what to do about it.
#include <algorithm>

#include "app/cli/at_once.h"
#include "app/cli/cmd.h"
#include "app/cli/diagnosis.h"
#include "app/cli/target.h"
#include "connectors/base/names_text.h"
#include "connectors/kafka/client/version.h"
#include "models/event/json/json_tape.h"

namespace weir::cli {

namespace {

constexpr std::size_t connections_at_once = 16;

void print_text(const std::vector<Diagnosis>& all, Console& console) {
    console.out("weir " WEIR_VERSION ", librdkafka " + kafka::librdkafka_version() + "\n");
    for (const Diagnosis& one : all) {
        console.out("\n" + terminal_safe(one.connection + "  " + one.address, true) + "\n");
        for (const CheckResult& f : one.findings) {
            std::string state("  ");
            state += to_word(f.state);
            state.resize(11, ' ');
            std::string line = state + f.check + ": " + f.text;
            if (!f.advice.empty())
                line += "\n           → " + f.advice;
            console.out(terminal_safe(line, false) + "\n");
        }
    }
}

void print_json(const std::vector<Diagnosis>& all, Console& console) {
    std::string out = "{\"weir\":\"" WEIR_VERSION "\",\"librdkafka\":";
    append_json_string(kafka::librdkafka_version(), out);
    out += ",\"connections\":[";
    for (std::size_t i = 0; i < all.size(); ++i) {
        out += i == 0 ? "\n{\"connection\":" : ",\n{\"connection\":";
        append_json_string(all[i].connection, out);
        out += ",\"address\":";
        append_json_string(all[i].address, out);
        out += std::string(",\"ok\":") + (all[i].failed() ? "false" : "true") + ",\"checks\":[";
        bool first = true;
        for (const CheckResult& f : all[i].findings) {
            out += first ? "\n {\"check\":" : ",\n {\"check\":";
            first = false;
            append_json_string(f.check, out);
            out += std::string(",\"state\":\"") + to_word(f.state) + "\",\"text\":";
            append_json_string(f.text, out);
            out += ",\"advice\":";
            append_json_string(f.advice, out);
            out += '}';
        }
        out += "]}";
    }
    console.out(out + "]}\n");
}

int run_doctor(const Arguments& arguments, Console& console) {
    auto target = open_target(arguments, console, false);
    if (!target)
        return console.fail(target.error());
    std::vector<std::string> topics;
    std::vector<std::string> patterns;
    if (arguments.has("topic")) {
        topics = target->topics;
        patterns = target->topic_patterns;
    }
    std::vector<DiagnosisRequest> requests;
    std::vector<std::string> names;
    const Workspace& workspace = target->session->workspace();
    for (const kafka::ConnectionOptions& connection : workspace.connections) {
        if (arguments.has("connection") && connection.name != target->connection)
            continue;
        DiagnosisRequest request = diagnosis_request(workspace, connection.name, topics, patterns);
        request.secrets = command_line_secrets(arguments, connection.name);
        request.timeout = target->timeout;
        requests.push_back(std::move(request));
        names.push_back(connection.name);
    }
    console.progress("looking at " + names_text(names));
    std::vector<Diagnosis> all(requests.size());
    do_at_once(requests.size(), connections_at_once,
               [&](std::size_t i) { all[i] = diagnose(*target->session, requests[i]); });
    console.progress({});
    int code = exit_fine;
    for (const Diagnosis& one : all)
        code = std::max(code, one.code);
    if (arguments.has("json"))
        print_json(all, console);
    else
        print_text(all, console);
    return code;
}

} // namespace

Command doctor_command() {
    return {
        "doctor",
        "[--workspace FILE | --bootstrap HOST:PORT] [--topic T]",
        "Say of each connection what works, what does not, and what to do",
        "Looks and changes nothing: it reads metadata, offsets, settings and a record of each\n"
        "partition, and listens three seconds for the brokers' clock. Exit code 1 if something\n"
        "cannot be read or seen, 2 if a connection's settings are off, 3 if one does not answer.",
        0,
        join({connection_options(),
              {{"json", nullptr, "one JSON document", 'J'},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_doctor};
}

} // namespace weir::cli
