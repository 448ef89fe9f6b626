// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is read by a known outline comes out as the strict scanner has it, and nothing is read by
// one that the scanner refuses.
#include <QtTest>
#include <algorithm>
#include <random>

#include "models/event/decode/field_scan.h"
#include "models/event/decode/outlines.h"

using namespace weir;

namespace {

PathTrie wanted() {
    PathTrie trie;
    trie.add({"id"}, 0);
    trie.add({"type"}, 1);
    trie.add({"at"}, 2);
    trie.add({"context", "version"}, 3);
    trie.add({"properties", "price"}, 4);
    trie.add({"batch"}, 5);
    trie.seal();
    return trie;
}
constexpr std::size_t slots = 6;
constexpr std::uint16_t batch_slot = 5;

/// All that a scan says, as text: where it ended or why not, and what it captured.
std::string told(FieldScan& scan, const PathTrie& trie, std::string_view text) {
    std::vector<Capture> captures(slots);
    const FieldScan::Outcome outcome = scan.scan(trie, text, batch_slot, 100, captures);
    std::string said;
    if (outcome.end == nullptr)
        return std::to_string(outcome.error.offset) + ": " + outcome.error.what;
    said = "ends at " + std::to_string(outcome.end - text.data());
    for (const Capture& c : captures)
        said += c.data == nullptr
                    ? ", -"
                    : ", " + std::to_string(c.data - text.data()) + "+" + std::to_string(c.size) +
                          " " + std::to_string(static_cast<int>(c.kind)) + (c.escaped ? "e" : "");
    for (const std::string_view span : scan.spans())
        said += ", span " + std::to_string(span.data() - text.data());
    return said;
}

/// Moc does not get through raw strings with an odd number of quotes.
std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

class Events {
  public:
    std::string next() {
        std::string text = "{'id':'" + word(36) + "','type':" + value() + ",'at':'" + word(24) +
                           "','context':{'version':" + value();
        if (pick(3) == 0)
            text += ",'a key that is longer than thirty-two bytes are':" + value();
        if (pick(3) == 0)
            text += ",'list':[" + value() + "," + value() + ",{'n':" + value() + "}]";
        text += "},'properties':{'price':" + value();
        if (pick(2) == 0)
            text += ",'n':" + value() + ",'empty':{},'none':[]";
        text += "}";
        if (pick(40) == 0)
            text += ",'batch':[{'id':'1'},{'id':'2'}]";
        return quoted(text + (pick(20) == 0 ? "} \n" : "}"));
    }
    /// One byte or two of `text` are other ones, or missing.
    std::string broken(std::string text) {
        static constexpr std::string_view bytes = "\"\\{}[]:,0e.- \n\x01\x7f\xc3\xa9\xff";
        for (std::size_t i = 0; i < 1 + pick(2); ++i) {
            const std::size_t at = pick(text.size());
            if (pick(4) == 0)
                text.erase(at, 1);
            else
                text[at] = bytes[pick(bytes.size())];
        }
        if (pick(10) == 0)
            text.resize(pick(text.size()));
        return text;
    }
    std::size_t pick(std::size_t below) { return m_random() % below; }

  private:
    std::string word(std::size_t size) {
        std::string text;
        while (text.size() < size)
            text += static_cast<char>('a' + pick(26));
        return text;
    }
    std::string value() {
        static const std::array<std::string, 19> values = {"0",
                                                           "-1",
                                                           "12345678",
                                                           "129.95",
                                                           "0.5",
                                                           "1e3",
                                                           "-2E-7",
                                                           "1.5e9",
                                                           "true",
                                                           "false",
                                                           "null",
                                                           "100",
                                                           "''",
                                                           "'x'",
                                                           "1234567.12345678",
                                                           "'\xC3\xA9t\xC3\xA9'",
                                                           "'a \\\\ b'",
                                                           "'\\u00e9\\ud83d\\ude00'",
                                                           "123456789012345678901234567890"};
        return pick(3) == 0 ? "'" + word(pick(70)) + "'" : values[pick(values.size())];
    }
    std::mt19937 m_random{20'261'120};
};

} // namespace

class TestOutlines : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void reads_what_it_has_learned() {
        const PathTrie trie = wanted();
        Outlines outlines;
        std::vector<Capture> captures(slots);
        const std::string first = R"({"id":"a","type":"b","properties":{"price":1}})";
        QVERIFY(outlines.read(first, captures.data()) == nullptr);
        outlines.learn(trie, first);

        const std::string second = R"({"id":"longer","type":"\u00e9","properties":{"price":2.50}})";
        QVERIFY(outlines.read(second, captures.data()) == second.data() + second.size());
        QCOMPARE(std::string(captures[0].raw()), std::string("longer"));
        QVERIFY(captures[1].escaped);
        QCOMPARE(std::string(captures[4].raw()), std::string("2.50"));
        QCOMPARE(captures[4].kind, JsonKind::Number);
    }

    void a_number_in_the_place_of_a_text_is_another_outline() {
        const PathTrie trie = wanted();
        Outlines outlines;
        std::vector<Capture> captures(slots);
        const std::string number = R"({"id":1})";
        const std::string text = R"({"id":"1"})";
        outlines.learn(trie, number);
        QVERIFY(outlines.read(text, captures.data()) == nullptr);
        outlines.learn(trie, text);
        for (const std::string& event : {number, text})
            QVERIFY(outlines.read(event, captures.data()) != nullptr);
        QCOMPARE(captures[0].kind, JsonKind::String);
    }

    void nothing_is_read_by_an_outline_that_is_no_json_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("half a word") << QByteArray(R"({"id":"a","type":tru})");
        QTest::newRow("half an exponent") << QByteArray(R"({"id":"a","type":01e})");
        QTest::newRow("a leading zero") << QByteArray(R"({"id":"a","type":01})");
        QTest::newRow("no fraction") << QByteArray(R"({"id":"a","type":1.})");
        QTest::newRow("no value") << QByteArray(R"({"id":"a","type":})");
        QTest::newRow("a control character") << QByteArray("{\"id\":\"a\n\",\"type\":1}");
        QTest::newRow("not UTF-8") << QByteArray("{\"id\":\"a\xff\",\"type\":1}");
        QTest::newRow("an unknown escape") << QByteArray(R"({"id":"\x","type":1})");
        QTest::newRow("cut off") << QByteArray(R"({"id":"a","type":1)");
        QTest::newRow("cut off in a text") << QByteArray("{\"id\":\"a");
    }
    void nothing_is_read_by_an_outline_that_is_no_json() {
        QFETCH(QByteArray, text);
        const PathTrie trie = wanted();
        Outlines outlines;
        std::vector<Capture> captures(slots);
        outlines.learn(trie, R"({"id":"a","type":1})");
        QVERIFY(outlines.read(text.toStdString(), captures.data()) == nullptr);
    }

    void experience_makes_no_difference() {
        const PathTrie trie = wanted();
        FieldScan experienced;
        Events events;
        for (int i = 0; i < 60'000; ++i) {
            const std::string event = events.next();
            const std::string text = events.pick(3) == 0 ? events.broken(event) : event;
            const auto fresh = std::make_unique<FieldScan>();
            const std::string expected = told(*fresh, trie, text);
            if (const std::string found = told(experienced, trie, text); found != expected)
                QFAIL(("\n" + text + "\n" + found + "\n" + expected).c_str());
        }
    }

    void what_does_not_fit_is_forgotten_and_learned_anew() {
        const PathTrie trie = wanted();
        Outlines outlines;
        std::vector<Capture> captures(slots);
        const auto event = [](int i) {
            return quoted("{'id':'a','n" + std::to_string(i % 400) + "':1,'b':2,'c':3,'type':'d'}");
        };
        int read = 0;
        for (int i = 0; i < 100'000; ++i) {
            const std::string text = event(i / 100);
            if (outlines.read(text, captures.data()) != nullptr)
                ++read;
            else
                outlines.learn(trie, text);
        }
        QVERIFY2(read > 90'000, qPrintable(QString::number(read)));
    }
};

QTEST_APPLESS_MAIN(TestOutlines)
#include "tst_outlines.moc"
