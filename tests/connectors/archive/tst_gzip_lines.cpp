// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "connectors/archive/gzip_lines.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::test;

namespace {

/// Lines "line <first>" …, each of a few hundred bytes that do not compress well.
std::vector<std::string> some_lines(int first, int past) {
    std::vector<std::string> lines;
    for (int i = first; i < past; ++i) {
        std::string line = "line " + std::to_string(i);
        for (unsigned n = 0; n < 40; ++n)
            line += std::to_string((static_cast<unsigned>(i) * 40 + n) * 2654435761U);
        lines.push_back(line);
    }
    return lines;
}

struct Ended {
    std::int64_t bytes = 0;
    LinesDigest digest;
};

Ended write_lines(const std::string& file, const std::vector<std::string>& lines,
                  std::int64_t kept = 0) {
    const auto writer = GzipLinesWriter::create(file, kept);
    auto done = writer ? Result<void>() : Result<void>(writer.error());
    for (const std::string& line : lines)
        if (done)
            done = (*writer)->add(line);
    if (done)
        done = (*writer)->close();
    if (done)
        done = (*writer)->finish();
    if (!done)
        qFatal("%s", done.error().text().c_str());
    return {(*writer)->bytes(), (*writer)->digest()};
}

std::string text_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

} // namespace

class TestGzipLines : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::string file(const char* name) const {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }

  private Q_SLOTS:
    void lines_read_back_as_they_were_written() {
        const std::string name = file("a.gz");
        const auto lines = some_lines(0, 3'000); // more than any buffer
        const Ended ended = write_lines(name, lines);
        QCOMPARE(file_bytes(name).value(), ended.bytes);
        const auto read = read_gzip_lines(name, 0, ended.bytes);
        VERIFY_OK(read);
        QVERIFY(*read == ended.digest);
        QCOMPARE(read->lines, std::int64_t{3'000});
        const auto shown = run({"gzip", "-dc", name});
        VERIFY_OK(shown);
        QVERIFY(*shown == text_of(lines));
    }

    void a_file_grows_by_members_each_of_which_reads_alone() {
        const std::string name = file("b.gz");
        const Ended first = write_lines(name, some_lines(0, 10));
        const Ended second = write_lines(name, some_lines(10, 2'000), first.bytes);
        QVERIFY(second.bytes > first.bytes);
        QVERIFY(read_gzip_lines(name, 0, first.bytes).value() == first.digest);
        QVERIFY(read_gzip_lines(name, first.bytes, second.bytes).value() == second.digest);
        QCOMPARE(read_gzip_lines(name, 0, second.bytes)->lines, std::int64_t{2'000});
        const auto shown = run({"gzip", "-dc", name});
        VERIFY_OK(shown);
        QVERIFY(*shown == text_of(some_lines(0, 2'000)));
        const Ended again = write_lines(name, some_lines(10, 12), first.bytes); // in its place
        QCOMPARE(read_gzip_lines(name, 0, again.bytes)->lines, std::int64_t{12});
    }

    void what_is_not_finished_leaves_the_old_file_alone() {
        const std::string name = file("c.gz");
        const Ended first = write_lines(name, some_lines(0, 10));
        for (const bool closed : {false, true}) {
            const auto writer = GzipLinesWriter::create(name, first.bytes);
            VERIFY_OK(writer);
            VERIFY_OK((*writer)->add("more"));
            if (closed)
                VERIFY_OK((*writer)->close());
        }
        QCOMPARE(file_bytes(name).value(), first.bytes);
        QVERIFY(!QFile::exists(QString::fromStdString(name + ".part")));
    }

    void whatever_is_broken_is_told() {
        const std::string name = file("d.gz");
        const Ended ended = write_lines(name, some_lines(0, 500));
        const std::string whole = read_text(name);
        VERIFY_ERROR(read_gzip_lines(name, 0, ended.bytes - 1), ErrorCode::Corrupt);
        VERIFY_ERROR(read_gzip_lines(name, 0, ended.bytes + 1), ErrorCode::Corrupt);
        VERIFY_ERROR(read_gzip_lines(name, 1, ended.bytes), ErrorCode::Corrupt);
        VERIFY_ERROR(GzipLinesWriter::create(name, ended.bytes + 1), ErrorCode::Corrupt);
        for (std::size_t at = 10; at < whole.size(); at += whole.size() / 9) {
            std::string broken = whole;
            broken[at] = static_cast<char>(broken[at] ^ 0x10);
            VERIFY_OK(write_text(name, broken));
            VERIFY_ERROR(read_gzip_lines(name, 0, ended.bytes), ErrorCode::Corrupt);
        }
        VERIFY_ERROR(read_gzip_lines(file("none.gz"), 0, 10), ErrorCode::NotFound);
        VERIFY_ERROR(GzipLinesWriter::create(file("no/such/folder"), 0), ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(TestGzipLines)
#include "tst_gzip_lines.moc"
