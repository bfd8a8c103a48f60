# What `make install` installs, and where (GNUInstallDirs). The program finds its data from its own
# place, so the prefix may be chosen when it is installed.

# The manual page and the completions come from the program's own command line.
set(manual ${PROJECT_BINARY_DIR}/manual)
find_program(HERDSIM_GZIP gzip)
if(NOT HERDSIM_GZIP)
  message(WARNING "No gzip: the manual page and the change log will not be installed")
endif()
file(MAKE_DIRECTORY ${manual})
set(manual_files)
foreach(shell bash zsh fish)
  add_custom_command(OUTPUT ${manual}/${shell} DEPENDS herdsim VERBATIM
    COMMENT "Completions of ${shell}"
    COMMAND herdsim completion ${shell} > ${manual}/${shell})
  list(APPEND manual_files ${manual}/${shell})
endforeach()
if(HERDSIM_GZIP)
  add_custom_command(OUTPUT ${manual}/herdsim.1.gz DEPENDS herdsim VERBATIM COMMENT "Manual page"
    COMMAND herdsim man > ${manual}/herdsim.1
    COMMAND ${HERDSIM_GZIP} -9nf ${manual}/herdsim.1)
  set(changes ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
  add_custom_command(OUTPUT ${manual}/changelog.gz DEPENDS ${changes} VERBATIM COMMENT ""
    COMMAND ${HERDSIM_GZIP} -9nc ${changes} > ${manual}/changelog.gz)
  list(APPEND manual_files ${manual}/herdsim.1.gz ${manual}/changelog.gz)
  install(FILES ${manual}/herdsim.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${manual}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
add_custom_target(herdsim_manual ALL DEPENDS ${manual_files})

install(TARGETS herdsim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# Those in scenarios/paper/ drive engines of the source tree, so they stay there.
file(GLOB scenarios CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scenarios/*.json)
set(data ${CMAKE_INSTALL_DATADIR}/herdsim)
install(FILES ${scenarios} DESTINATION ${data}/scenarios)
foreach(folder traces places)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios/${folder} DESTINATION ${data}/scenarios)
endforeach()

set(vendor ${CMAKE_INSTALL_DATADIR})
install(FILES ${manual}/bash DESTINATION ${vendor}/bash-completion/completions RENAME herdsim)
install(FILES ${manual}/fish DESTINATION ${vendor}/fish/vendor_completions.d RENAME herdsim.fish)
# zsh looks into another folder for what the system's packages bring.
install(CODE "set(zsh_source \"${manual}/zsh\")\nset(zsh_parent \"${vendor}/zsh\")")
install(CODE [[
if(CMAKE_INSTALL_PREFIX MATCHES "/usr$")
  set(zsh_folder vendor-completions)
else()
  set(zsh_folder site-functions)
endif()
file(INSTALL FILES "${zsh_source}" RENAME _herdsim
  DESTINATION "${CMAKE_INSTALL_PREFIX}/${zsh_parent}/${zsh_folder}")
]])

# The pages keep their places to each other, so that their links work.
set(docs ${CMAKE_INSTALL_DOCDIR})
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CITATION.cff
  DESTINATION ${docs})
install(FILES ${PROJECT_SOURCE_DIR}/.ci/package/copyright DESTINATION ${docs})
install(FILES ${PROJECT_SOURCE_DIR}/scenarios/README.md ${PROJECT_SOURCE_DIR}/scenarios/STORIES.md
  DESTINATION ${docs}/scenarios)
install(FILES ${PROJECT_SOURCE_DIR}/results/README.md DESTINATION ${docs}/results)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/results/pictures DESTINATION ${docs}/results)
install(FILES ${PROJECT_SOURCE_DIR}/core/PROTOCOL.md DESTINATION ${docs}/core)
