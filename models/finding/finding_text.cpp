// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "models/event/json/json_tape.h"
#include "models/event/search/hit_json.h"
#include "models/event/shell_word.h"
#include "models/finding/finding.h"

namespace weir {
namespace {

void append_member(const char* name, const std::string& text, std::string& out) {
    out += std::string("\"") + name + "\":";
    append_json_string(text, out);
}

void append_count(const char* name, const AffectedCount& affected, std::string& out) {
    out += std::string(",\"") + name +
           "\":" + (affected.count ? std::to_string(*affected.count) : std::string("null")) +
           ",\"" + name + "_error\":" + std::to_string(affected.error);
}

void append_scope(const FindingScope& scope, std::string& out) {
    out += ",\"scope\":{";
    append_member("connection", scope.connection, out);
    const std::array<std::pair<const char*, const std::string*>, 3> names{
        {{"stage", &scope.stage}, {"place", &scope.place}, {"group", &scope.group}}};
    for (const auto& [name, text] : names) {
        if (text->empty())
            continue;
        out += ',';
        append_member(name, *text, out);
    }
    for (const auto& [dimension, value] : scope.values) {
        out += ',';
        append_json_string(dimension, out);
        out += ':';
        append_json_string(value, out);
    }
    out += '}';
}

void append_finding(const Finding& finding, const std::string& target, std::string& out) {
    out += '{';
    append_member("code", finding.code, out);
    out += ',';
    append_member("sentence", finding.sentence, out);
    out += ",\"since_us\":" +
           (finding.since ? std::to_string(finding.since->value()) : std::string("null"));
    append_scope(finding.scope, out);
    out += std::string(",\"fate\":\"") + to_word(finding.fate) + "\"";
    append_count("events", finding.events, out);
    append_count("users", finding.users, out);
    append_count("sessions", finding.sessions, out);
    out += std::string(",\"confidence\":\"") + to_word(finding.confidence) + "\",\"evidence\":[";
    for (const std::string& sentence : finding.evidence) {
        out += &sentence == &finding.evidence.front() ? "" : ",";
        append_json_string(sentence, out);
    }
    out += "],";
    append_member("next_step", finding.next_step, out);
    out += ',';
    append_member("command", command_text(finding, target), out);
    out += ",\"consequences\":" + to_json(finding.consequences, target) + "}";
}

/// A text that may hold what a client sent, without a meaning to Markdown or HTML.
std::string plain(const std::string& text) {
    constexpr std::string_view special = "\\`*_{}[]<>()#+!|&~";
    std::string out;
    for (const char c : text) {
        if (c == '\n' || c == '\r') {
            out += ' ';
            continue;
        }
        if (special.find(c) != std::string_view::npos)
            out += '\\';
        out += c;
    }
    return out;
}

std::string code_span(const std::string& text) {
    std::string clean = text;
    std::erase_if(clean, [](char c) { return c == '`' || c == '\n' || c == '\r'; });
    return "`" + clean + "`";
}

void append_markdown(const Finding& finding, const std::string& target, const std::string& indent,
                     std::string& out) {
    out += "**" + plain(finding.sentence) + "**";
    if (finding.since)
        out += ", since " + rfc3339(*finding.since);
    out += "\n" + indent + "- events: " + finding.events.text() + " " + to_word(finding.fate) +
           "; users: " + finding.users.text() + "; sessions: " + finding.sessions.text() + "; " +
           to_word(finding.confidence) + "\n";
    for (const std::string& sentence : finding.evidence)
        out += indent + "- " + plain(sentence) + "\n";
    if (!finding.next_step.empty())
        out += indent + "- next: " + plain(finding.next_step) + "\n";
    if (!finding.command.empty())
        out += indent + "- " + code_span(command_text(finding, target)) + "\n";
    for (const Finding& one : finding.consequences) {
        out += indent + "- follows from it: ";
        append_markdown(one, target, indent + "  ", out);
    }
}

} // namespace

std::string command_text(const Finding& finding, const std::string& target) {
    if (finding.command.empty())
        return {};
    std::string text = "weir " + finding.command.front() + " " + target;
    for (std::size_t i = 1; i < finding.command.size(); ++i)
        text += " " + shell_quoted(finding.command[i]);
    return text;
}

std::string to_json(const std::vector<Finding>& findings, const std::string& target) {
    std::string out = "[";
    for (const Finding& one : findings) {
        out += &one == &findings.front() ? "" : ",";
        append_finding(one, target, out);
    }
    return out + "]";
}

std::string to_markdown(const std::vector<Finding>& findings, const std::string& target) {
    std::string out;
    std::size_t number = 0;
    for (const Finding& one : findings) {
        out += std::to_string(++number) + ". ";
        append_markdown(one, target, "   ", out);
    }
    return out.empty() ? "Nothing is found to be wrong.\n" : out;
}

} // namespace weir
