mod capture;
mod connect;
mod look;
mod property;
mod restore;
mod world;
