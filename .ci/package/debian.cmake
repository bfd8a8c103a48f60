# The Debian package that `make package` makes with CPack.
set(HERDSIM_MAINTAINER "The herdsim authors <authors@herdsim.invalid>" CACHE STRING
  "Who maintains the package: a name and an address")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME herdsim)
set(CPACK_PACKAGE_VENDOR "The herdsim authors")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "run herds of application servers and measure how updates spread")
set(CPACK_PACKAGE_DESCRIPTION
"herdsim hosts whole herds of application servers in one process, on real TCP
ports or in virtual time, and plays a scripted world against them: mobile
clients, links that are slow, lossy or cut, servers that die, and bursts. It
measures how fast a location update reaches every server, and how many
messages were wasted on the way.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${HERDSIM_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
# dpkg-shlibdeps finds the libraries that the program is linked with.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# For scenarios with a central herd, and for Places over HTTPS.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# Debian's own change log is in the package alone.
if(HERDSIM_GZIP)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog.in ${manual}/changelog.Debian @ONLY)
  execute_process(COMMAND ${HERDSIM_GZIP} -9nf ${manual}/changelog.Debian)
  install(FILES ${manual}/changelog.Debian.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/herdsim
    COMPONENT debian EXCLUDE_FROM_ALL)
endif()
set(CPACK_INSTALL_CMAKE_PROJECTS
  "${PROJECT_BINARY_DIR};herdsim;ALL;/" "${PROJECT_BINARY_DIR};herdsim;debian;/")
include(CPack)
