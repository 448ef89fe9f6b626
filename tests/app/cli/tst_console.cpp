// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "app/cli/console.h"
#include "models/event/json/json_tape.h"

using namespace weir;
using namespace weir::cli;

namespace {

/// Both ends of a terminal that hands on bytes as they are.
struct Terminal {
    int screen = ::posix_openpt(O_RDWR | O_NOCTTY);
    std::FILE* out = nullptr;
    Terminal() {
        ::grantpt(screen);
        ::unlockpt(screen);
        const int end = ::open(::ptsname(screen), O_RDWR | O_NOCTTY);
        termios plain{};
        ::tcgetattr(end, &plain);
        ::cfmakeraw(&plain);
        ::tcsetattr(end, TCSANOW, &plain);
        out = ::fdopen(end, "w");
    }
    ~Terminal() {
        std::fclose(out);
        ::close(screen);
    }
    QByteArray shown() const {
        std::array<char, 4096> buffer{};
        const auto size = ::read(screen, buffer.data(), buffer.size());
        return {buffer.data(), static_cast<qsizetype>(std::max<ssize_t>(0, size))};
    }
};

/// {"value": what a hostile event says}
std::string answer_with(std::string_view value) {
    std::string json = "{\"value\":";
    append_json_string(value, json);
    return json + "}";
}

QByteArray on_terminal(const std::string& text) {
    const Terminal terminal;
    Console console(terminal.out, terminal.out);
    console.out(text);
    console.flush();
    return terminal.shown();
}

QByteArray into_file(const std::string& text) {
    std::FILE* const file = std::tmpfile();
    {
        Console console(file, file);
        console.out(text);
    }
    std::rewind(file);
    std::array<char, 4096> buffer{};
    const QByteArray written(
        buffer.data(), static_cast<qsizetype>(std::fread(buffer.data(), 1, buffer.size(), file)));
    std::fclose(file);
    return written;
}

} // namespace

class TestConsole : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_json_holds_steers_no_terminal_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("escaped");
        QTest::newRow("a control sequence") << QByteArray("a\xC2\x9B"
                                                          "31m")
                                            << QByteArray("\\u009b");
        QTest::newRow("another direction") << QByteArray("a\xE2\x80\xAE"
                                                         "b")
                                           << QByteArray("\\u202e");
        QTest::newRow("a line's end") << QByteArray("a\xE2\x80\xA8") << QByteArray("\\u2028");
        QTest::newRow("delete") << QByteArray("a\x7F") << QByteArray("\\u007f");
        QTest::newRow("not seen, beyond the first plane")
            << QByteArray("a\xF3\xA0\x81\x81") << QByteArray("\\udb40\\udc41");
    }
    void what_json_holds_steers_no_terminal() {
        QFETCH(const QByteArray, value);
        QFETCH(const QByteArray, escaped);
        const std::string json = answer_with(value.toStdString());
        const QByteArray shown = on_terminal(json);
        QVERIFY2(shown.contains(escaped) && !shown.contains(value), shown);
        QCOMPARE(QJsonDocument::fromJson(shown).object()[QStringLiteral("value")].toString(),
                 QString::fromUtf8(value));
        QCOMPARE(into_file(json), QByteArray::fromStdString(json));
    }
    void what_can_be_seen_stays_as_it_is() {
        const std::string json = answer_with("Köln 😀 \u4e2d … plain");
        QCOMPARE(on_terminal(json), QByteArray::fromStdString(json));
    }
    void a_byte_that_is_no_text_is_replaced() {
        QCOMPARE(on_terminal("a\x9B"
                             "b"),
                 QByteArray("a\xEF\xBF\xBD"
                            "b"));
    }
};

QTEST_GUILESS_MAIN(TestConsole)
#include "tst_console.moc"
