// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/enrich/touch.h"

#include <algorithm>
#include <array>
#include <utility>

#include "models/event/json/utf8.h"

namespace weir::sandbox {
namespace {

struct Member {
    std::string_view name;
    std::string Touch::*text;
};
constexpr std::array<Member, 5> members = {{{"source", &Touch::source},
                                            {"medium", &Touch::medium},
                                            {"campaign", &Touch::campaign},
                                            {"referrer", &Touch::referrer},
                                            {"landing_page", &Touch::landing_page}}};

/// As a database can keep it: cut, and without NUL.
std::string kept(std::string_view text) {
    text = text.substr(0, text.find('\0'));
    if (text.size() > Touch::text_bytes_max) {
        text = text.substr(0, Touch::text_bytes_max);
        text = text.substr(0, utf8_valid_prefix(text));
    }
    return std::string(text);
}

std::string_view without_query(std::string_view url) {
    return url.substr(0, url.find_first_of("?#"));
}

int hex_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Of a query's value; what is not UTF-8 then is nobody's campaign.
std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool code = text[i] == '%' && i + 2 < text.size() && hex_of(text[i + 1]) >= 0 &&
                          hex_of(text[i + 2]) >= 0;
        if (code) {
            out += static_cast<char>(hex_of(text[i + 1]) * 16 + hex_of(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return is_utf8(out) ? out : std::string();
}

/// The value of a parameter of the URL's query; "" if it has none.
std::string parameter(std::string_view url, std::string_view name) {
    const std::size_t begin = url.find('?');
    if (begin == std::string_view::npos)
        return {};
    std::string_view rest = url.substr(begin + 1);
    rest = rest.substr(0, rest.find('#'));
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        if (pair.size() > name.size() && pair.substr(0, name.size()) == name &&
            pair[name.size()] == '=')
            return percent_decoded(pair.substr(name.size() + 1));
    }
    return {};
}

std::string text_at(const JsonTape& tape, std::uint32_t object, std::string_view name) {
    const auto node = tape.member(object, name);
    if (!node || tape.nodes()[*node].kind != JsonKind::String)
        return {};
    std::string scratch;
    return kept(tape.text_of(*node, scratch));
}

/// A campaign is told as a whole: the source of one does not go with the medium of another.
void add_campaign(Touch& touch, const JsonTape& tape, const EventFields& fields,
                  std::string_view page) {
    if (!touch.source.empty() || !touch.medium.empty() || !touch.campaign.empty())
        return;
    const auto told = fields.find(tape, EventField::Campaign);
    if (told && tape.nodes()[*told].kind == JsonKind::Object) {
        touch.source = text_at(tape, *told, "source");
        touch.medium = text_at(tape, *told, "medium");
        touch.campaign = text_at(tape, *told, "campaign");
        if (touch.campaign.empty()) // as Segment calls it
            touch.campaign = text_at(tape, *told, "name");
        return;
    }
    touch.source = kept(parameter(page, "utm_source"));
    touch.medium = kept(parameter(page, "utm_medium"));
    touch.campaign = kept(parameter(page, "utm_campaign"));
}

} // namespace

void add_to(Touch& touch, const JsonTape& tape, const EventFields& fields) {
    std::string scratch;
    const std::string_view page = fields.text(tape, EventField::Page, scratch);
    add_campaign(touch, tape, fields, page);
    if (touch.landing_page.empty())
        touch.landing_page = kept(without_query(page));
    if (touch.referrer.empty())
        touch.referrer = kept(without_query(fields.text(tape, EventField::Referrer, scratch)));
}

void append_json(const Touch& touch, std::string& out) {
    char before = '{';
    for (const Member& member : members) {
        out += before;
        before = ',';
        out.append("\"").append(member.name).append("\":");
        const std::string& text = touch.*member.text;
        if (text.empty())
            out += "null";
        else
            append_json_string(text, out);
    }
    out += '}';
}

Touch read_touch(const JsonTape& tape, std::uint32_t object) {
    Touch touch;
    for (const Member& member : members)
        touch.*member.text = text_at(tape, object, member.name);
    return touch;
}

bool refuses(const JsonTape& tape, const EventFields& fields, std::string_view purpose) {
    const auto consent = fields.find(tape, EventField::Consent);
    if (!consent || tape.nodes()[*consent].kind != JsonKind::Object)
        return false;
    const auto said = tape.member(*consent, purpose);
    return said && tape.nodes()[*said].kind == JsonKind::False;
}

} // namespace weir::sandbox
