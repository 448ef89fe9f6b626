// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/ecma_pattern.h"

#include <re2/re2.h>

#include "models/contract/schema/plain_pattern.h"

namespace weir::schema {

namespace {

class Re2Pattern : public EcmaPattern {
  public:
    Re2Pattern(std::string_view text, const std::string& translated,
               const re2::RE2::Options& options)
        : m_text(text)
        , m_re2(translated, options) {}
    bool found_in(std::string_view text) const override {
        return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), m_re2);
    }
    const std::string& text() const override { return m_text; }
    const re2::RE2& re2() const { return m_re2; }

  private:
    std::string m_text;
    re2::RE2 m_re2;
};

class FlatPattern : public EcmaPattern {
  public:
    FlatPattern(std::string_view text, PlainPattern plain)
        : m_text(text)
        , m_plain(std::move(plain)) {}
    bool found_in(std::string_view text) const override { return m_plain.matches(text); }
    const std::string& text() const override { return m_text; }

  private:
    std::string m_text;
    PlainPattern m_plain;
};

Error pattern_error(ErrorCode code, std::string what, std::string_view pattern, std::size_t at) {
    Error error;
    error.code = code;
    error.what = std::move(what);
    error.tried = "reading the pattern " + std::string(pattern.substr(0, 200));
    error.column = static_cast<int>(at);
    if (code == ErrorCode::Unsupported)
        error.advice = "Write it without: RE2 matches in linear time and has no such thing.";
    return error;
}

} // namespace

Result<std::shared_ptr<const EcmaPattern>> EcmaPattern::compile(std::string_view pattern) {
    EcmaTranslation translation = translate_ecma(pattern);
    if (!translation.mistake.empty())
        return pattern_error(ErrorCode::Config,
                             "not a regular expression of ECMA-262: " + translation.mistake,
                             pattern, translation.at);
    if (!translation.unsupported.empty())
        return pattern_error(ErrorCode::Unsupported,
                             "the regular expression uses " + translation.unsupported, pattern,
                             translation.at);
    if (auto plain = PlainPattern::parse(pattern))
        return std::shared_ptr<const EcmaPattern>(
            std::make_shared<FlatPattern>(pattern, std::move(*plain)));
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(8 << 20);
    auto compiled = std::make_shared<Re2Pattern>(pattern, translation.re2, options);
    if (!compiled->re2().ok()) {
        const bool large = compiled->re2().error_code() == re2::RE2::ErrorPatternTooLarge;
        return pattern_error(large ? ErrorCode::TooLarge : ErrorCode::Unsupported,
                             "RE2 refuses the regular expression: " + compiled->re2().error(),
                             pattern, 0);
    }
    return std::shared_ptr<const EcmaPattern>(std::move(compiled));
}

} // namespace weir::schema
