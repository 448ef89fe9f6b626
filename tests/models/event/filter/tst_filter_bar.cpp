// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <algorithm>

#include "models/event/filter/filter.h"
#include "models/event/filter/filter_completion.h"

using namespace weir;

namespace {

FilterSeen seen() {
    const auto vocabulary = Vocabulary::create({"type", "platform", "tenant"});
    for (const char* type : {"purchase", "page_view", "say \"hi\""})
        vocabulary->dimensions[0]->id(type);
    vocabulary->dimensions[2]->id("acme");
    FilterSeen all;
    all.vocabulary = vocabulary;
    all.topics = {"raw_events", "invalid_events"};
    all.headers = {"x-app"};
    all.paths = {"properties.price", "properties.items[*].sku"};
    return all;
}

/// What is offered at the | in `text`.
QStringList offered(const char* marked) {
    std::string text(marked);
    const std::size_t cursor = text.find('|');
    text.erase(cursor, 1);
    QStringList out;
    for (const FilterCompletion& item : filter_completions(text, cursor, seen()).items)
        out << QString::fromStdString(item.insert);
    return out;
}

/// Kinds of the tokens, one letter each, and the text they cover.
QString coloured(std::string_view text) {
    QString out;
    for (const FilterToken& token : filter_tokens(text)) {
        static constexpr char letters[] = "FOKSNTWBM";
        out += QLatin1Char(letters[static_cast<std::size_t>(token.kind)]);
        out += QLatin1Char(':');
        out += QString::fromUtf8(text.data() + token.begin, int(token.size));
        out += QLatin1Char(' ');
    }
    return out.trimmed();
}

} // namespace

class TestFilterBar : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void fields_are_offered_where_a_term_begins() {
        QVERIFY(offered("|").contains(u"type"_qs));
        QCOMPARE(offered("pla|"), QStringList{u"platform"_qs});
        QCOMPARE(offered("type == purchase and ten|"), QStringList{u"tenant"_qs});
        QCOMPARE(offered("hea|"), QStringList{u"header[\"x-app\"]"_qs});
        QCOMPARE(offered("(properties.it|"), QStringList{u"properties.items[*].sku"_qs});
    }

    void operators_are_offered_behind_a_field() {
        QVERIFY(offered("type |").contains(u"=="_qs));
        QCOMPARE(offered("properties.price con|"), QStringList{u"contains"_qs});
        QCOMPARE(offered("type == purchase o|"), QStringList{u"or"_qs});
    }

    void values_that_were_seen_are_offered_behind_an_operator() {
        QCOMPARE(offered("type == |"),
                 (QStringList{u"\"page_view\""_qs, u"\"purchase\""_qs, u"\"say \\\"hi\\\"\""_qs}));
        QCOMPARE(offered("type == pu|"), QStringList{u"\"purchase\""_qs});
        QCOMPARE(offered("type == \"PU|"), QStringList{u"\"purchase\""_qs});
        QCOMPARE(offered("type in (purchase, pa|"), QStringList{u"\"page_view\""_qs});
        QCOMPARE(offered("type not in (pa|"), QStringList{u"\"page_view\""_qs});
        QCOMPARE(offered("tenant != |"), QStringList{u"\"acme\""_qs});
        QCOMPARE(offered("topic == in|"), QStringList{u"\"invalid_events\""_qs});
        QCOMPARE(offered("time > now-1|"), (QStringList{u"now-15m"_qs, u"now-1h"_qs}));
        QCOMPARE(offered("outcome == f|"), QStringList{u"\"failed\""_qs});
        QCOMPARE(offered("properties.paid == t|"), QStringList{u"true"_qs});
    }

    void the_piece_at_the_cursor_is_replaced() {
        const FilterCompletions at = filter_completions("type == pu and x", 10, seen());
        QCOMPARE(at.begin, 8u);
        QCOMPARE(at.size, 2u);
    }

    void every_piece_has_its_colour() {
        QCOMPARE(coloured("type == \"a\" and not x"), u"F:type O:== S:\"a\" K:and K:not W:x"_qs);
        QCOMPARE(coloured("properties.n in (1, b)"), u"F:properties.n O:in B:( N:1 B:, S:b B:)"_qs);
        QCOMPARE(coloured("time > now-15m age < 5s"), u"F:time O:> T:now-15m F:age O:< T:5s"_qs);
        QCOMPARE(coloured("x exists exists y"), u"F:x O:exists O:exists F:y"_qs);
        QCOMPARE(coloured("a = null \"open"), u"W:a M:= W:null M:\"open"_qs);
        QCOMPARE(coloured("a == null"), u"F:a O:== K:null"_qs);
    }

    void a_filter_is_copied_in_one_spelling() {
        const auto canonical = [](const char* text) {
            return QString::fromStdString((*Filter::parse(text, Micros(0)))->canonical_text());
        };
        QCOMPARE(canonical("  type==purchase&&!x   foo "),
                 u"type == \"purchase\" and not \"x\" and \"foo\""_qs);
        QCOMPARE(canonical("(a || b) c"), u"(\"a\" or \"b\") and \"c\""_qs);
        QCOMPARE(canonical("a || b c"), u"\"a\" or \"b\" and \"c\""_qs);
        QCOMPARE(canonical("exists properties['odd key']"), u"properties[\"odd key\"] exists"_qs);
        QCOMPARE(canonical("key MATCHES i'\\d+' or headers[x]"),
                 u"key matches i\"\\\\d+\" or \"headers[x]\""_qs);
        QCOMPARE(canonical("type not in (a, 2) and time > now-15m"),
                 u"not type in (\"a\", 2) and time > now-15m"_qs);
        QCOMPARE(canonical(""), QString());
    }

    void what_narrows_a_filter_does_not_change_its_meaning() {
        const auto both = [](const char* first, const char* second) {
            return QString::fromStdString(both_filters(first, second));
        };
        QCOMPARE(both("a", "b"), u"a and b"_qs);
        QCOMPARE(both("a b and not c", "d"), u"a b and not c and d"_qs);
        QCOMPARE(both("a or b", "c"), u"(a or b) and c"_qs);
        QCOMPARE(both("a || b", "c"), u"(a || b) and c"_qs);
        QCOMPARE(both("a OR b", "c"), u"(a OR b) and c"_qs);
        QCOMPARE(both("a\nor\nb", "c"), u"(a\nor\nb) and c"_qs);
        QCOMPARE(both("type == \" or \"", "c"), u"type == \" or \" and c"_qs);
        QCOMPARE(both("a", "b || c"), u"a and (b || c)"_qs);
        QCOMPARE(both("a ==", "b"), u"(a ==) and b"_qs); // a mistake stays one
        QCOMPARE(both(" ", "b"), u"b"_qs);
        QCOMPARE(both("a", ""), u"a"_qs);
    }
};

QTEST_GUILESS_MAIN(TestFilterBar)
#include "tst_filter_bar.moc"
