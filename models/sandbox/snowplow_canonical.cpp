// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/snowplow_canonical.h"

#include <array>
#include <charconv>

#include "models/contract/self_describing.h"
#include "models/event/search/hit_json.h"
#include "models/sandbox/event_taker.h"
#include "models/sandbox/snowplow_event.h"

namespace weir::sandbox {

namespace {

/// How a parameter's text becomes a column.
enum class Form : std::uint8_t {
    Text,
    Number,
    Flag,   // "1"
    Width,  // of "1000x660"
    Height, // likewise
    Time,   // milliseconds
};

struct Column {
    const char* name;
    const char* parameter;
    Form form = Form::Text;
};

/// After the tracker protocol:
/// https://docs.snowplow.io/docs/events/going-deeper/event-parameters/
constexpr std::array<Column, 50> columns = {{
    {"app_id", "aid"},
    {"platform", "p"},
    {"dvce_created_tstamp", "dtm", Form::Time},
    {"dvce_sent_tstamp", "stm", Form::Time},
    {"true_tstamp", "ttm", Form::Time},
    {"event_id", "eid"},
    {"txn_id", "tid", Form::Number},
    {"name_tracker", "tna"},
    {"v_tracker", "tv"},
    {"user_id", "uid"},
    {"user_fingerprint", "fp"},
    {"domain_userid", "duid"},
    {"domain_sessionidx", "vid", Form::Number},
    {"domain_sessionid", "sid"},
    {"network_userid", "tnuid"},
    {"page_url", "url"},
    {"page_title", "page"},
    {"page_referrer", "refr"},
    {"se_category", "se_ca"},
    {"se_action", "se_ac"},
    {"se_label", "se_la"},
    {"se_property", "se_pr"},
    {"se_value", "se_va", Form::Number},
    {"tr_orderid", "tr_id"},
    {"tr_affiliation", "tr_af"},
    {"tr_total", "tr_tt", Form::Number},
    {"tr_tax", "tr_tx", Form::Number},
    {"tr_shipping", "tr_sh", Form::Number},
    {"tr_currency", "tr_cu"},
    {"ti_orderid", "ti_id"},
    {"ti_sku", "ti_sk"},
    {"ti_name", "ti_nm"},
    {"ti_category", "ti_ca"},
    {"ti_price", "ti_pr", Form::Number},
    {"ti_quantity", "ti_qu", Form::Number},
    {"pp_xoffset_min", "pp_mix", Form::Number},
    {"pp_xoffset_max", "pp_max", Form::Number},
    {"pp_yoffset_min", "pp_miy", Form::Number},
    {"pp_yoffset_max", "pp_may", Form::Number},
    {"br_lang", "lang"},
    {"br_cookies", "cookie", Form::Flag},
    {"br_colordepth", "cd"},
    {"br_viewwidth", "vp", Form::Width},
    {"br_viewheight", "vp", Form::Height},
    {"os_timezone", "tz"},
    {"dvce_screenwidth", "res", Form::Width},
    {"dvce_screenheight", "res", Form::Height},
    {"doc_charset", "cs"},
    {"doc_width", "ds", Form::Width},
    {"doc_height", "ds", Form::Height},
}};

/// "1630238465748" (ms) → RFC 3339.
std::string time_of_ms(std::string_view text) {
    std::int64_t ms = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    if (error != std::errc() || end != text.data() + text.size() || ms < 0 ||
        ms > 253'402'300'799'999) // the year 9999
        return {};
    return rfc3339(Micros::from_ms(ms));
}

/// The column's value as JSON; empty: there is none.
std::string value_of(std::string text, Form form) {
    const std::size_t by = text.find('x');
    switch (form) {
    case Form::Text:
        return text.empty() ? text : json_string(text);
    case Form::Flag:
        return text.empty() ? text : (text == "1" ? "true" : "false");
    case Form::Time:
        text = time_of_ms(text);
        return text.empty() ? text : json_string(text);
    case Form::Width:
        text.resize(std::min(by, text.size()));
        break;
    case Form::Height:
        text.erase(0, by == std::string::npos ? text.size() : by + 1);
        break;
    default:
        break;
    }
    JsonTape number; // "007" and "+1" are none
    const bool good = number.parse(text) && number.nodes()[0].kind == JsonKind::Number;
    return good ? text : std::string();
}

void append(std::string_view name, std::string_view json, std::string& out) {
    append_json_string(name, out);
    out.append(":").append(json.empty() ? "null" : json).append(",");
}

} // namespace

void append_canonical_columns(const JsonTape& parameters, std::string& out) {
    const auto text = [&](const char* name) {
        const auto node = parameters.member(0, name);
        return node ? scalar_text(parameters, *node) : std::string();
    };
    for (const Column& column : columns)
        append(column.name, value_of(text(column.parameter), column.form), out);
    SelfDescribing said;
    const bool itself = read_event(said, parameters);
    const std::string schema =
        itself ? said.schema_of(said.data()) : std::string(snowplow_own_schema(text("e")));
    const IgluName iglu = split_iglu(schema).value_or(IgluName());
    append("event_vendor", value_of(iglu.vendor, Form::Text), out);
    append("event_name", value_of(iglu.name, Form::Text), out);
    append("event_format", iglu.name.empty() ? "" : "\"jsonschema\"", out);
    append("event_version", value_of(iglu.version, Form::Text), out);
    append("unstruct_event", itself ? said.tape().text() : std::string_view(), out);
    append("contexts", read_entities(said, parameters) ? said.tape().text() : "{}", out);
    append("derived_contexts", "{}", out);
}

} // namespace weir::sandbox
