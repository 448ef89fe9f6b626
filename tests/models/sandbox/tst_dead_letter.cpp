// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A dead letter keeps as much of the original as there is room for, whatever its bytes are.
#include <QtTest>

#include <nlohmann/json.hpp>

#include "connectors/base/base64.h"
#include "models/sandbox/dead_letter.h"

using namespace weir;
using namespace weir::sandbox;
using Json = nlohmann::json;

namespace {

std::string written(const std::string& original, std::size_t bytes_max = dead_letter_bytes_max) {
    std::string out;
    append_dead_letter(
        {.reason = "not_json", .stage = "collect", .message = "it is none", .original = original},
        out, bytes_max);
    return out;
}

/// Fewer bytes than anybody would miss.
constexpr std::size_t little = 200;

} // namespace

class TestDeadLetter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_fits_is_kept_whole_data() {
        QTest::addColumn<QByteArray>("original");
        QTest::newRow("plain") << QByteArray(200'042, 'x');
        QTest::newRow("nearly all of it") << QByteArray(989'000, 'x');
        QTest::newRow("quotes") << QByteArray(400'000, '"');
        QTest::newRow("controls") << QByteArray(150'000, '\x01');
        QTest::newRow("no text") << QByteArray(700'000, '\xff');
    }
    void what_fits_is_kept_whole() {
        QFETCH(QByteArray, original);
        const std::string letter = written(original.toStdString());
        QVERIFY(letter.size() <= dead_letter_bytes_max);
        const Json said = Json::parse(letter);
        QVERIFY(!said.contains("cut"));
        const std::string kept = said.contains("original")
                                     ? said["original"].get<std::string>()
                                     : *base64_decoded(said["original_base64"].get<std::string>());
        QVERIFY(kept == original.toStdString());
    }

    void what_does_not_fit_is_cut_to_what_does_data() {
        QTest::addColumn<QByteArray>("piece");
        QTest::addColumn<int>("bytes_max");
        for (const int bytes_max : {990'000, 16'000})
            for (const char* piece :
                 {"x", "\"", "\x01", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xff", "x\"\n"})
                QTest::addRow("%s, %d bytes", QByteArray(piece).toHex().constData(), bytes_max)
                    << QByteArray(piece) << bytes_max;
    }
    void what_does_not_fit_is_cut_to_what_does() {
        QFETCH(QByteArray, piece);
        QFETCH(int, bytes_max);
        const auto most = static_cast<std::size_t>(bytes_max);
        const std::string original = piece.repeated(2'000'000 / piece.size()).toStdString();
        const std::string letter = written(original, most);
        QVERIFY(letter.size() <= most);
        QVERIFY2(letter.size() + little > most, std::to_string(letter.size()).c_str());
        const Json said = Json::parse(letter);
        QCOMPARE(said["cut"], Json(true));
        QCOMPARE(said["original_bytes"], Json(original.size()));
        const std::string kept = said.contains("original")
                                     ? said["original"].get<std::string>()
                                     : *base64_decoded(said["original_base64"].get<std::string>());
        QVERIFY(original.starts_with(kept));
    }

    void an_object_stands_as_it_came_for_as_long_as_it_fits() {
        const std::string object = "{ \"a\" : \"" + std::string(100'000, 'x') + "\" }";
        std::string letter;
        append_dead_letter({.reason = "rule", .original = object, .original_is_object = true},
                           letter);
        QVERIFY(letter.find("\"original\":" + object) != std::string::npos);
        letter.clear();
        append_dead_letter({.reason = "rule", .original = object, .original_is_object = true},
                           letter, 50'000);
        QVERIFY(letter.size() <= 50'000);
        QVERIFY(Json::parse(letter)["original"].is_string()); // a beginning of it is no object
    }

    void whatever_is_said_of_it_there_is_room_for_the_original() {
        const std::string name(900'000, '\x02'); // of a member that is not expected
        std::vector<Violation> violations(3);
        violations[0].pointer = "/" + name;
        violations[1].pointer = "/a";
        violations[2].found = std::string(120, '\x03');
        for (const std::size_t most : {std::size_t{16'000}, dead_letter_bytes_max}) {
            std::string letter;
            append_dead_letter({.reason = "unexpected_property",
                                .stage = "collect",
                                .pointer = violations[0].pointer,
                                .message = name,
                                .violations = &violations,
                                .original = "it"},
                               letter, most);
            QVERIFY2(letter.size() <= most, std::to_string(letter.size()).c_str());
            const Json said = Json::parse(letter);
            QCOMPARE(said["violations"].size(), std::size_t{2});
            QCOMPARE(said["violations_not_listed"], Json(1));
            QCOMPARE(said["original"], Json("it"));
        }
    }
};

QTEST_GUILESS_MAIN(TestDeadLetter)
#include "tst_dead_letter.moc"
