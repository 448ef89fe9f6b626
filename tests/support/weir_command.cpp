// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/weir_command.h"
#include "tests/support/source_path.h"

#include <QProcess>

#include "app/cli/command.h"

namespace weir::test {
namespace {

QByteArray contents(std::FILE* file) {
    QByteArray all;
    std::rewind(file);
    char part[4096];
    for (std::size_t n = 0; (n = std::fread(part, 1, sizeof part, file)) > 0;)
        all.append(part, static_cast<qsizetype>(n));
    return all;
}

} // namespace

Answer weir_in_process(const std::vector<std::string>& words) {
    std::FILE* const out = std::tmpfile();
    Answer answer = weir_in_process(words, out);
    answer.out = contents(out);
    std::fclose(out);
    return answer;
}

Answer weir_in_process(const std::vector<std::string>& words, std::FILE* out) {
    std::FILE* const err = std::tmpfile();
    Answer answer;
    {
        cli::Console console(out, err);
        answer.code = cli::run(words, console);
    }
    answer.err = contents(err);
    std::fclose(err);
    return answer;
}

QString weir_program() {
    return QString::fromStdString(build_path("app/weir"));
}

Answer weir_says(const QStringList& arguments) {
    QProcess process;
    process.start(weir_program(), arguments);
    Answer answer;
    if (!process.waitForFinished(120'000))
        return answer;
    answer.code = process.exitCode();
    answer.out = process.readAllStandardOutput();
    answer.err = process.readAllStandardError();
    return answer;
}

QByteArray shell_says(const QString& line) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), QString::fromStdString(build_path("app:")) %
                                                   environment.value(QStringLiteral("PATH")));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("sh"), {QStringLiteral("-c"), line});
    if (!process.waitForFinished(60'000) || process.exitCode() != 0)
        qWarning("%s", process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

Answer weir_says(const QString& line, const QStringList& more) {
    return weir_says(line.split(QLatin1Char(' '), Qt::SkipEmptyParts) + more);
}

} // namespace weir::test
