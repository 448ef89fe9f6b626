// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "models/event/decode/dialect.h"

namespace weir {

namespace {

using nlohmann::json;

/// Thrown within this file only, and caught in read_dialect().
struct Mistake {
    std::string pointer;
    std::string what;
};

constexpr std::array<std::pair<std::string_view, FieldForm>, 8> forms = {{
    {"text", FieldForm::Text},
    {"rfc3339", FieldForm::Rfc3339},
    {"utc", FieldForm::Utc},
    {"epoch_ms", FieldForm::EpochMs},
    {"epoch_s", FieldForm::EpochS},
    {"class_name", FieldForm::ClassName},
    {"iglu_name", FieldForm::IgluName},
    {"integer", FieldForm::Integer},
}};

const json& only_keys(const json& object, const std::string& pointer,
                      std::initializer_list<std::string_view> allowed) {
    if (!object.is_object())
        throw Mistake{pointer, "must be an object"};
    for (const auto& item : object.items()) {
        if (std::find(allowed.begin(), allowed.end(), item.key()) == allowed.end())
            throw Mistake{pointer + "/" + item.key(), "is not a member of a dialect"};
    }
    return object;
}

std::string string_at(const json& value, const std::string& pointer) {
    if (!value.is_string())
        throw Mistake{pointer, "must be a text"};
    return value.get<std::string>();
}

std::string text_at(const json& value, const std::string& pointer) {
    std::string text = string_at(value, pointer);
    if (text.empty())
        throw Mistake{pointer, "must not be empty"};
    return text;
}

std::string path_at(const json& value, const std::string& pointer) {
    std::string text = text_at(value, pointer);
    if (!FieldPath::parse(text))
        throw Mistake{pointer, "must be a path such as context.app_version or header:NAME"};
    return text;
}

template <class One>
auto list_at(const json& value, const std::string& pointer, One one) {
    std::vector<decltype(one(value, pointer))> list;
    if (!value.is_array()) {
        list.push_back(one(value, pointer));
        return list;
    }
    for (std::size_t i = 0; i < value.size(); ++i)
        list.push_back(one(value[i], pointer + "/" + std::to_string(i)));
    return list;
}

std::vector<std::pair<std::string, std::string>> pairs_at(const json& value,
                                                          const std::string& pointer) {
    if (!value.is_object())
        throw Mistake{pointer, "must be an object"};
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& item : value.items())
        pairs.emplace_back(item.key(), string_at(item.value(), pointer + "/" + item.key()));
    return pairs;
}

DialectShape shape_at(const json& value, const std::string& pointer) {
    DialectShape shape;
    only_keys(value, pointer, {"of", "at_least", "with"});
    if (value.contains("of"))
        shape.of = list_at(value["of"], pointer + "/of", path_at);
    shape.at_least = static_cast<std::uint32_t>(shape.of.size());
    if (value.contains("at_least")) {
        const json& least = value["at_least"];
        if (!least.is_number_unsigned() || least.get<std::uint64_t>() > shape.of.size())
            throw Mistake{pointer + "/at_least", "must be a number up to the length of \"of\""};
        shape.at_least = least.get<std::uint32_t>();
    }
    if (value.contains("with"))
        shape.with = pairs_at(value["with"], pointer + "/with");
    for (const auto& condition : shape.with)
        path_at(condition.first, pointer + "/with/" + condition.first);
    return shape;
}

FieldRule rule_at(const json& value, const std::string& pointer, bool time) {
    FieldRule rule;
    rule.form = time ? FieldForm::Rfc3339 : FieldForm::Text;
    if (!value.is_object()) {
        rule.paths = list_at(value, pointer, path_at);
        return rule;
    }
    only_keys(value, pointer, {"paths", "form", "words"});
    if (!value.contains("paths"))
        throw Mistake{pointer, "needs \"paths\""};
    rule.paths = list_at(value["paths"], pointer + "/paths", path_at);
    if (value.contains("form")) {
        const std::string word = text_at(value["form"], pointer + "/form");
        const auto* const form = std::find_if(forms.begin(), forms.end(),
                                              [&word](const auto& f) { return f.first == word; });
        if (form == forms.end())
            throw Mistake{pointer + "/form", "is not a form: " + word};
        rule.form = form->second;
    }
    if (value.contains("words"))
        rule.words = pairs_at(value["words"], pointer + "/words");
    return rule;
}

void read_kind(const json& file, Dialect& dialect) {
    const std::string body = file.contains("body") ? text_at(file["body"], "/body") : "json";
    if (body == "headers") {
        dialect.overlay = true;
        dialect.body = DialectBody::Any;
    } else if (body == "tsv") {
        dialect.body = DialectBody::Tsv;
    } else if (body == "any") {
        dialect.body = DialectBody::Any;
    } else if (body != "json") {
        throw Mistake{"/body", "must be json, tsv, any or headers"};
    }
    if (file.contains("dead_letter")) {
        if (!file["dead_letter"].is_boolean())
            throw Mistake{"/dead_letter", "must be true or false"};
        dialect.dead_letter = file["dead_letter"].get<bool>();
    }
    if (file.contains("columns"))
        dialect.column_names = list_at(file["columns"], "/columns", text_at);
    if ((dialect.body == DialectBody::Tsv) == dialect.column_names.empty())
        throw Mistake{"/columns", "belongs to body tsv, and only to it"};
}

Dialect read(const json& file) {
    Dialect dialect;
    only_keys(file, "",
              {"weir_dialect", "name", "about", "body", "dead_letter", "shape", "batch", "inherit",
               "original", "columns", "fields"});
    if (!file.contains("weir_dialect") || file["weir_dialect"] != 1)
        throw Mistake{"/weir_dialect", "must be 1, the only version there is"};
    if (!file.contains("name"))
        throw Mistake{"/name", "must be a text"};
    dialect.name = text_at(file["name"], "/name");
    read_kind(file, dialect);
    if (file.contains("shape")) {
        const json& shape = only_keys(file["shape"], "/shape", {"record", "event"});
        if (shape.contains("record"))
            dialect.record_shape = shape_at(shape["record"], "/shape/record");
        if (shape.contains("event"))
            dialect.event_shape = shape_at(shape["event"], "/shape/event");
    }
    if (file.contains("batch"))
        dialect.batch = path_at(file["batch"], "/batch");
    if (file.contains("inherit"))
        dialect.inherit = list_at(file["inherit"], "/inherit", text_at);
    if (file.contains("original"))
        dialect.original = list_at(file["original"], "/original", path_at);
    if (!file.contains("fields") || !file["fields"].is_object())
        throw Mistake{"/fields", "must be an object"};
    for (const auto& item : file["fields"].items()) {
        const std::string& name = item.key();
        const bool time = name.size() > 5 && name.compare(name.size() - 5, 5, "_time") == 0;
        dialect.fields.emplace(name, rule_at(item.value(), "/fields/" + name, time));
    }
    return dialect;
}

} // namespace

Result<Dialect> read_dialect(const std::string& file, std::string_view text) {
    const auto mistake = [&file](const std::string& pointer, const std::string& what) {
        return Error{ErrorCode::Config, (pointer.empty() ? "the dialect" : pointer) + " " + what,
                     file + (pointer.empty() ? "" : "#" + pointer), "reading a dialect",
                     "resources/dialects/README.md shows what a dialect may say."};
    };
    if (text.size() > dialect_bytes_max)
        return mistake("", "is larger than 1 MiB");
    try {
        return read(json::parse(text));
    } catch (const Mistake& m) {
        return mistake(m.pointer, m.what);
    } catch (const json::exception& e) {
        return mistake("", std::string("is not JSON: ") + e.what());
    }
}

} // namespace weir
